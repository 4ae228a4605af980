import type { AdmissionPlugin } from '../shared/admission/plugin.ts';
import { balancerCondition, balances } from '../shared/controllers/common/balancing.ts';
import type { Pod, Service } from '../shared/kinds/schema/types.ts';
import type { Storage } from '../shared/ports/storage.ts';
import { compiled } from '../shared/storage/compiled/index.ts';

/**
 * Gives a Pod a readiness gate for each Service whose load balancer will send it connections, so that a rollout goes on only
 * once the load balancer does, as aws-load-balancer-controller has it. A Pod without labels costs nothing, others one
 * query, and as many as it takes to read the Services that have changed.
 */
export function loadBalancerGates({ storage }: { storage: Storage }): AdmissionPlugin {
  const balancedServices = compiled(storage, 'services', {
    read: ({ value }) => balancedIn(JSON.parse(Buffer.from(value).toString())),
    build: (entries) => [...entries.values()].flatMap((service) => service ?? []),
  });
  return {
    name: 'LoadBalancerGates',
    resources: ['pods'],
    operations: ['CREATE'],
    addsDefaults: true,
    admit: async ({ cluster, namespace, object }) => {
      const pod = object as unknown as Pod;
      if (!pod.spec || Object.keys(pod.metadata.labels ?? {}).length === 0) return false;
      const gates = pod.spec.readinessGates ?? [];
      const missing = (await balancedServices(cluster))
        .filter((service) => service.metadata.namespace === namespace && balances(service, pod))
        .map(({ metadata }) => balancerCondition(metadata.name ?? ''))
        .filter((type) => !gates.some(({ conditionType }) => conditionType === type));
      if (missing.length === 0) return false;
      pod.spec.readinessGates = [...gates, ...missing.map((conditionType) => ({ conditionType }))];
      return true;
    },
  };
}

/** What has to be known of a Service; undefined for one that has no load balancer. */
function balancedIn({ metadata, spec }: Service): Service | undefined {
  if (spec?.type !== 'LoadBalancer') return undefined;
  const { namespace, name, deletionTimestamp } = metadata;
  return {
    metadata: { namespace, name, ...(deletionTimestamp && { deletionTimestamp }) },
    spec: { type: spec.type, selector: spec.selector ?? {} },
  };
}
