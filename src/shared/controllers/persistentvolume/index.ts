import type { Reader } from '../../client/client.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../../kinds/schema/types.ts';
import { claimNames } from '../../podspec/claims.ts';
import { unlessThere } from '../common/ignore.ts';
import { isTerminal } from '../common/pods.ts';
import { type Controller, keyOf, type ObjectKey, type ReconcileContext, watching } from '../controller.ts';
import { persistentVolumeClaims, persistentVolumes, pods, storageClasses } from '../resources.ts';
import { reconcileClaim } from './claim.ts';
import { reconcileVolume } from './volume.ts';

/** A key's name that no object can have. */
const classes = 'classes/';

/**
 * Binds claims to volumes, provisions volumes for claims that find none, and releases them. A key with a namespace is a
 * claim, a key without one is a volume.
 */
export const persistentVolume: Controller = {
  group: 'pods',
  name: 'persistentvolume-controller',
  watches: [
    watching<PersistentVolumeClaim>({
      resource: persistentVolumeClaims,
      keys: (claim) => [keyOf(claim), ...volumeOf(claim)],
    }),
    watching<PersistentVolume>({
      resource: persistentVolumes,
      keys: async (volume, _, { client }) => [
        keyOf(volume),
        ...(volume.spec?.claimRef ? [claimOf(volume)] : await waiting(client)),
      ],
    }),
    watching<StorageClass>({
      resource: storageClasses,
      keys: (_, __, { deleted, client }) => (deleted ? [] : waiting(client)),
    }),
    watching<Pod>({
      resource: pods,
      // A claim that is to go waits for the last Pod that uses it.
      keys: (pod, _, { deleted }) =>
        deleted || isTerminal(pod)
          ? claimNames(pod).map((name) => ({ namespace: pod.metadata.namespace ?? '', name }))
          : [],
    }),
  ],
  always: ({ volumes }) => (volumes?.classes.length ? [{ namespace: '', name: classes }] : []),

  async reconcile(key, ctx) {
    if (key.namespace) return reconcileClaim(key, ctx);
    return key.name === classes ? makeClasses(ctx) : reconcileVolume(key, ctx);
  },
};

const volumeOf = ({ spec }: PersistentVolumeClaim): ObjectKey[] =>
  spec?.volumeName ? [{ namespace: '', name: spec.volumeName }] : [];

const claimOf = ({ spec }: PersistentVolume): ObjectKey => ({
  namespace: spec?.claimRef?.namespace ?? '',
  name: spec?.claimRef?.name ?? '',
});

const waiting = async (client: Reader): Promise<ObjectKey[]> =>
  (await client.list(persistentVolumeClaims)).filter(({ status }) => status?.phase !== 'Bound').map(keyOf);

/** Users who have a class of this provisioner have made a choice. */
async function makeClasses({ client, cloud }: ReconcileContext): Promise<undefined> {
  const { volumes } = cloud;
  const known = await client.list(storageClasses);
  if (!volumes || known.some(({ provisioner }) => provisioner === volumes.provisioner)) return;
  for (const each of volumes.classes) await unlessThere(client.create(storageClasses, each));
}
