import { join } from 'node:path';
import type { Operator, Where } from './operator.ts';

/** What operators made by kubebuilder have in common: manifests by kustomize and a file with their configuration. */
export const kustomized = (namespace: string): Pick<Operator, 'manifests' | 'configuration' | 'flags'> => ({
  manifests: (folder, kit) => kit.kubectl(['kustomize', join(folder, 'config/default')]),
  configuration: (ports) => ({
    health: { healthProbeBindAddress: `127.0.0.1:${ports(8081)}` },
    metrics: { bindAddress: `127.0.0.1:${ports(8443)}` },
    webhook: { port: ports(9443) },
    // In a Pod the program knows its namespace.
    leaderElection: { leaderElect: true, resourceNamespace: namespace, resourceName: leaseOf(namespace) },
  }),
  flags: ({ configuration }: Where) => [`--config=${configuration}`, '--zap-log-level=2'],
});

/** The Lease by which an operator leads. */
export const leaseOf = (namespace: string): string => `${namespace}-leads`;
