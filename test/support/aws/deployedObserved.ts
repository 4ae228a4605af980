import { deepStrictEqual as same } from 'node:assert/strict';
import type { Clients } from '../../../src/shared/client/client.ts';
import {
  deployments,
  events,
  logicalClusters,
  pods,
  replicaSets,
  secrets,
  serviceAccounts,
  services,
} from '../../../src/shared/controllers/resources.ts';
import type {
  Deployment,
  Event,
  Pod,
  ReplicaSet,
  Secret,
  Service,
  ServiceAccount,
} from '../../../src/shared/kinds/schema/types.ts';
import type { KubeObject } from '../../../src/shared/meta/object.ts';

/** What there is in a logical cluster. */
export interface Cluster {
  name: string;
  deployments: Deployment[];
  replicaSets: ReplicaSet[];
  pods: Pod[];
  secrets: Secret[];
  accounts: ServiceAccount[];
  services: Service[];
  events: Event[];
}

/** All logical clusters. Throws when one does not go. */
export async function everything(clients: Clients): Promise<Cluster[]> {
  const others = await clients('default').list(logicalClusters);
  same(
    others.filter(({ metadata }) => metadata.deletionTimestamp),
    [],
    'logical clusters that do not go',
  );
  const names = ['default', ...others.map(({ metadata }) => metadata.name ?? '')];
  return Promise.all(
    names.map(async (name) => {
      const client = clients(name);
      return {
        name,
        deployments: await client.list(deployments),
        replicaSets: await client.list(replicaSets),
        pods: await client.list(pods),
        secrets: await client.list(secrets),
        accounts: await client.list(serviceAccounts),
        services: await client.list(services),
        events: await client.list(events),
      };
    }),
  );
}

export const uidOf = ({ metadata }: KubeObject) => metadata.uid ?? '';
export const nameOf = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`;
export const isReady = ({ status }: Pod) =>
  status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;
