import type { Rules } from '../../../../schema/defaultRules.ts';
import type { Container, Pod, PodSpec } from '../../../../schema/types.ts';
import { sortedByKey } from '../../../../schema/zero.ts';

export const podDefaults: Rules = {
  // These hold for Pods alone, not for the templates of Pods.
  Pod: {
    adjust({ spec }: Pod) {
      if (!spec) return;
      spec.enableServiceLinks ??= true;
      if (spec.terminationGracePeriodSeconds !== undefined && spec.terminationGracePeriodSeconds < 0) {
        spec.terminationGracePeriodSeconds = 1;
      }
      requestForAll(spec);
      for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
        requestWhatIsLimited(container);
        if (spec.hostNetwork) for (const port of container.ports ?? []) port.hostPort ||= port.containerPort;
      }
    },
  },
  PodSpec: {
    adjust(spec: PodSpec) {
      // Two names of one field; the older is only kept in step.
      spec.serviceAccountName ||= spec.serviceAccount;
      spec.serviceAccount = spec.serviceAccountName;
      if (!spec.serviceAccountName) {
        delete spec.serviceAccountName;
        delete spec.serviceAccount;
      }
    },
    fields: {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
    },
  },
};

function requestWhatIsLimited({ resources }: Pick<Container, 'resources'>): void {
  if (!resources?.limits) return;
  resources.requests = sortedByKey({ ...resources.limits, ...resources.requests });
}

/** As requestWhatIsLimited, of what a Pod as a whole can ask for. */
function requestForAll({ resources }: PodSpec): void {
  if (!resources?.limits) return;
  const limits = Object.entries(resources.limits).filter(([name]) =>
    /^(cpu|memory|hugepages-.*)$/.test(name),
  );
  if (limits.length > 0)
    resources.requests = sortedByKey({ ...Object.fromEntries(limits), ...resources.requests });
}
