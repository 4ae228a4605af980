import type { Clients } from '../../shared/client/client.ts';
import { pods, services } from '../../shared/controllers/resources.ts';
import type { PersistentVolumeClaim, Pod, Service } from '../../shared/kinds/schema/types.ts';
import type { Storage, Stored } from '../../shared/ports/storage.ts';
import { edited, parsed } from './stored.ts';

/**
 * What tells of programs that run and of data on disks is not taken over: a fork has no part in those of its base. Nor are
 * marks of the cluster itself.
 */
export const leftOut = [
  'pods',
  'events',
  'leases.coordination.k8s.io',
  'persistentvolumes',
  'volumeattachments.storage.k8s.io',
  'logicalclusters.shallop.dev',
  'filled.internal',
  'rest.internal',
];

export interface ForkScene {
  storage: Storage;
  clients: Clients;
  base: string;
  cluster: string;
}

/**
 * Makes a new fork stand on its own: addresses that only one Service of the machine can have, volumes and the places of
 * Pods are its own. Costs as much as there are of those. Doing it again changes nothing.
 */
export async function adaptFork(scene: ForkScene): Promise<void> {
  await Promise.all([giveAddresses(scene), forgetEndpoints(scene), freeClaims(scene), copyBarePods(scene)]);
}

async function inheritedIn({ storage, cluster }: ForkScene, resource: string): Promise<Stored[]> {
  const { items } = await storage.list({ cluster, resource });
  return items.filter(({ writtenIn }) => writtenIn !== undefined);
}

/** A Service without its address gets one when it is written next. */
async function giveAddresses(scene: ForkScene): Promise<void> {
  const { storage, cluster, clients } = scene;
  const { items } = await storage.list({ cluster, resource: 'services' });
  await Promise.all(
    items.map(async (stored) => {
      const { metadata, spec = {} } = parsed<Service>(stored);
      const hasOwn = stored.writtenIn === undefined && spec.clusterIP;
      if (hasOwn || spec.type === 'ExternalName' || spec.clusterIP === 'None') return;
      if (stored.writtenIn !== undefined)
        await edited(storage, stored, (object) => {
          delete (object.spec as Service['spec'])?.clusterIP;
          delete (object.spec as Service['spec'])?.clusterIPs;
          object.status = { loadBalancer: {} };
        });
      await clients(cluster).patch(services, metadata.namespace ?? '', metadata.name ?? '', {});
    }),
  );
}

const managedBy = 'endpointslice.kubernetes.io/managed-by';

/** The endpoints of Services with a selector are Pods of the base; the fork's controllers write those of its own. */
async function forgetEndpoints(scene: ForkScene): Promise<void> {
  const { storage, cluster } = scene;
  const { items } = await storage.list({ cluster, resource: 'services' });
  const selecting = items.filter((stored) => parsed<Service>(stored).spec?.selector);
  const names = new Set(selecting.map(({ key }) => `${key.namespace}/${key.name}`));
  const slices = (await inheritedIn(scene, 'endpointslices.discovery.k8s.io')).filter(
    ({ index }) => index.labels?.[managedBy] === 'endpointslice-controller.k8s.io',
  );
  const lists = (await inheritedIn(scene, 'endpoints')).filter(({ key }) =>
    names.has(`${key.namespace}/${key.name}`),
  );
  await Promise.all(
    [...slices, ...lists].map(({ key, revision, value }) => storage.delete(key, revision, () => value)),
  );
}

/** A claim is bound to a volume of the base: it waits for one of its own. */
async function freeClaims(scene: ForkScene): Promise<void> {
  const bound = await inheritedIn(scene, 'persistentvolumeclaims');
  await Promise.all(
    bound.map((stored) =>
      edited(scene.storage, stored, (object) => {
        const claim = object as unknown as PersistentVolumeClaim;
        delete claim.spec?.volumeName;
        claim.status = { phase: 'Pending' };
        for (const name of Object.keys(claim.metadata.annotations ?? {}))
          if (name.includes('kubernetes.io/') && name !== 'kubectl.kubernetes.io/last-applied-configuration')
            delete claim.metadata.annotations![name];
      }),
    ),
  );
}

/** Controllers make Pods of their own again; those that nobody would make again begin anew, without a node. */
async function copyBarePods({ storage, clients, base, cluster }: ForkScene): Promise<void> {
  const { items } = await storage.list({ cluster: base, resource: 'pods' });
  const client = clients(cluster);
  await Promise.all(
    items.map(async (stored) => {
      if (stored.index.owners?.length) return;
      const { metadata, spec, status } = parsed<Pod>(stored);
      if (metadata.deletionTimestamp || ['Succeeded', 'Failed'].includes(status?.phase ?? '')) return;
      const { name = '', namespace = '', labels, annotations } = metadata;
      if (await client.get(pods, namespace, name)) return;
      const { nodeName: _, ...wanted } = spec!;
      await client.create(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }) },
        spec: wanted,
      });
    }),
  );
}
