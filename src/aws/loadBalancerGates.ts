import type { AdmissionPlugin } from '../shared/admission/plugin.ts';
import { selectsPod } from '../shared/controllers/common/balancing.ts';
import type { Pod, Service } from '../shared/kinds/schema/types.ts';
import type { Storage } from '../shared/ports/storage.ts';
import { compiled } from '../shared/storage/compiled/index.ts';
import { balancersOf, servedIngress } from './balancers.ts';

/**
 * Gives a Pod a readiness gate for each load balancer that will send it connections, so that a rollout goes on only once it
 * does, as aws-load-balancer-controller has it. A Pod without labels costs nothing, others one query, those that a Service
 * leads to one more, and as many as it takes to read the Services and Ingresses that have changed.
 */
export function loadBalancerGates({ storage }: { storage: Storage }): AdmissionPlugin {
  const selecting = compiled(storage, 'services', {
    read: ({ value }) => selectingIn(JSON.parse(Buffer.from(value).toString())),
    build: (entries) => [...entries.values()].flatMap((service) => service ?? []),
  });
  const served = compiled(storage, 'ingresses.networking.k8s.io', {
    read: ({ value }) => servedIngress(JSON.parse(Buffer.from(value).toString())),
    build: (entries) => [...entries.values()].flatMap((ingress) => ingress ?? []),
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
      const leading = (await selecting(cluster)).filter(
        (service) => service.metadata.namespace === namespace && selectsPod(service, pod),
      );
      if (leading.length === 0) return false;
      const web = (await served(cluster)).filter((ingress) => ingress.namespace === namespace);
      const missing = balancersOf(pod, leading, web).filter(
        (type) => !gates.some(({ conditionType }) => conditionType === type),
      );
      if (missing.length === 0) return false;
      pod.spec.readinessGates = [...gates, ...missing.map((conditionType) => ({ conditionType }))];
      return true;
    },
  };
}

/** Returns what has to be known of a Service; undefined for one that leads to no Pods. */
function selectingIn({ metadata, spec }: Service): Service | undefined {
  if (Object.keys(spec?.selector ?? {}).length === 0) return undefined;
  const { namespace, name, deletionTimestamp } = metadata;
  return {
    metadata: { namespace, name, ...(deletionTimestamp && { deletionTimestamp }) },
    spec: { ...(spec?.type && { type: spec.type }), selector: spec?.selector ?? {} },
  };
}
