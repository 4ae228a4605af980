import type { Range } from '../admission/serviceaddresses/range.ts';
import { type Clock, formatTime } from '../clock/clock.ts';
import type { Ids } from '../clock/ids.ts';
import { pod as podKind } from '../kinds/core/v1/pod/index.ts';
import { prepareForCreate } from '../kinds/core/v1/pod/strategy.ts';
import { claims } from '../kinds/core/v1/service/claims.ts';
import { hasClusterIP } from '../kinds/core/v1/service/types.ts';
import type { PersistentVolumeClaim, Pod, Service } from '../kinds/schema/types.ts';
import { ClaimsHeld } from '../ports/claimsHeld.ts';
import type { Key, Storage, Stored } from '../ports/storage.ts';
import { bindingAnnotations } from './bindingAnnotations.ts';
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
  clock: Clock;
  ids: Ids;
  /** Says where cluster IPs come from. */
  addresses: Range;
  base: string;
  cluster: string;
}

/**
 * Makes a new fork stand on its own: addresses that only one Service of the machine can have, volumes and the places of
 * Pods are its own. Past the API, so that no webhook of the base can keep a fork from beginning. Costs as much as there
 * is of those. Doing it again changes nothing.
 */
export async function adaptFork(scene: ForkScene): Promise<void> {
  await Promise.all([giveAddresses(scene), forgetEndpoints(scene), freeClaims(scene), copyBarePods(scene)]);
}

async function inheritedIn({ storage, cluster }: ForkScene, resource: string): Promise<Stored[]> {
  const { items } = await storage.list({ cluster, resource });
  return items.filter(({ writtenIn }) => writtenIn !== undefined);
}

/** Guesses at an address before the range must be rather full. */
const guesses = 64;

async function giveAddresses(scene: ForkScene): Promise<void> {
  const found = await inheritedIn(scene, 'services');
  await Promise.all(
    found.map(async (stored) => {
      const { spec } = parsed<Service>(stored);
      if (!hasClusterIP(spec ?? {}) || spec?.clusterIP === 'None') return;
      for (let left = guesses; !(await giveAddress(scene, stored)); left--)
        if (left === 0) throw new Error(`no cluster IP is left in ${scene.addresses.text}`);
    }),
  );
}

/** False when another Service has the address. */
async function giveAddress(
  { storage, ids, addresses, cluster }: ForkScene,
  stored: Stored,
): Promise<boolean> {
  const address = addresses.at(Math.floor(ids.random() * addresses.size));
  const edit = (service: Service) => {
    Object.assign(service.spec!, { clusterIP: address, clusterIPs: [address] });
    service.status = { loadBalancer: {} };
  };
  const service = parsed<Service>(stored);
  edit(service);
  try {
    await edited(storage, stored, edit, { ...stored.index, claims: claims(service, cluster) });
    return true;
  } catch (error) {
    if (error instanceof ClaimsHeld) return false;
    throw error;
  }
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
      edited(scene.storage, stored, (claim: PersistentVolumeClaim) => {
        delete claim.spec?.volumeName;
        claim.status = { phase: 'Pending' };
        const kept = Object.entries(claim.metadata.annotations ?? {}).filter(
          ([name]) => !bindingAnnotations.includes(name),
        );
        delete claim.metadata.annotations;
        if (kept.length) claim.metadata.annotations = Object.fromEntries(kept);
      }),
    ),
  );
}

/** Controllers make Pods of their own again; those that nobody would make again begin anew, without a node. */
async function copyBarePods({ storage, clock, ids, base, cluster }: ForkScene): Promise<void> {
  const { items } = await storage.list({ cluster: base, resource: 'pods' });
  const now = { clock };
  await Promise.all(
    items.map(async (stored) => {
      const pod = parsed<Pod>(stored);
      const isOver =
        pod.metadata.deletionTimestamp || ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '');
      const key = { ...stored.key, cluster };
      if (stored.index.owners?.length || isOver || (await storage.get(key))) return;
      delete pod.spec?.nodeName;
      prepareForCreate(pod, now);
      Object.assign(pod.metadata, {
        uid: ids.uid(),
        creationTimestamp: formatTime(clock.now()),
        generation: 1,
      });
      const selectable = Object.entries(podKind.selectableFields ?? {});
      const fields = Object.fromEntries(selectable.map(([path, read]) => [path, read(pod)]));
      const { labels } = stored.index;
      await storage.create(
        key,
        (revision) => {
          pod.metadata.resourceVersion = revision;
          return Buffer.from(JSON.stringify(pod));
        },
        { ...(labels && { labels }), fields },
      );
    }),
  );
}

/** Says for which object of a logical cluster it has been filled. No kind has this resource. */
export const filledMark = (cluster: string): Key => ({
  cluster,
  resource: 'filled.internal',
  namespace: '',
  name: 'cluster',
});
