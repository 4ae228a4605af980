import type { Rules } from '../../../schema/defaultRules.ts';
import type { Service, ServicePort, ServiceSpec } from '../../../schema/types.ts';

const isReachable = ({ type, externalIPs }: ServiceSpec): boolean =>
  type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && !!externalIPs?.length);

export const serviceDefaults: Rules = {
  Service: {
    adjust({ spec, status }: Service) {
      if (spec?.type !== 'LoadBalancer') return;
      for (const ingress of status?.loadBalancer?.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP';
    },
  },
  ServiceSpec: {
    adjust(spec: ServiceSpec) {
      if (spec.sessionAffinity !== 'ClientIP') delete spec.sessionAffinityConfig;
    },
    fields: {
      type: 'ClusterIP',
      sessionAffinity: 'None',
      sessionAffinityConfig: ({ sessionAffinity }: ServiceSpec) =>
        sessionAffinity === 'ClientIP' ? { clientIP: { timeoutSeconds: 10800 } } : undefined,
      externalTrafficPolicy: (spec: ServiceSpec) => (isReachable(spec) ? 'Cluster' : undefined),
      internalTrafficPolicy: ({ type }: ServiceSpec) => (type === 'ExternalName' ? undefined : 'Cluster'),
      allocateLoadBalancerNodePorts: ({ type }: ServiceSpec) => (type === 'LoadBalancer' ? true : undefined),
    },
  },
  ServicePort: {
    adjust(port: ServicePort) {
      if (port.targetPort === 0 || port.targetPort === '' || port.targetPort === undefined)
        port.targetPort = port.port;
    },
  },
};
