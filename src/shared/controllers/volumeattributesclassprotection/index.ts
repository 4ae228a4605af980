import type {
  PersistentVolume,
  PersistentVolumeClaim,
  VolumeAttributesClass,
} from '../../kinds/schema/types.ts';
import { setFinalizer } from '../common/finalizer.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, type ObjectKey, watching } from '../controller.ts';
import { persistentVolumeClaims, persistentVolumes, volumeAttributesClasses } from '../resources.ts';

const protection = 'kubernetes.io/vac-protection';

/** Removes the finalizer of a VolumeAttributesClass when no claim and no volume names it any more. */
export const volumeAttributesClassProtection: Controller = {
  name: 'volumeattributesclass-protection-controller',
  watches: [
    watching<VolumeAttributesClass>({
      resource: volumeAttributesClasses,
      keys: (object, _, { deleted }) =>
        !deleted && object.metadata.deletionTimestamp ? [keyOf(object)] : [],
    }),
    watching<PersistentVolumeClaim>({
      resource: persistentVolumeClaims,
      keys: (claim, old) => [...namedBy(claim), ...(old ? namedBy(old) : [])],
    }),
    watching<PersistentVolume>({
      resource: persistentVolumes,
      keys: (volume, old) => [...classOf(volume), ...(old ? classOf(old) : [])],
    }),
  ],

  async reconcile({ name }, { client }) {
    const object = await client.get(volumeAttributesClasses, '', name);
    if (!object?.metadata.deletionTimestamp) return undefined;
    if (!object.metadata.finalizers?.includes(protection)) return undefined;
    const [claims, volumes] = await Promise.all([
      client.list(persistentVolumeClaims),
      client.list(persistentVolumes),
    ]);
    if ([...claims.flatMap(namedBy), ...volumes.flatMap(classOf)].some((key) => key.name === name))
      return undefined;
    await unlessGone(setFinalizer(client, volumeAttributesClasses, object, protection, false));
    return undefined;
  },
};

const keysOf = (...names: (string | undefined)[]): ObjectKey[] =>
  [...new Set(names)].flatMap((name) => (name ? [{ namespace: '', name }] : []));

/** Returns what a claim asks for, what it has and what it is being changed to. */
const namedBy = ({ spec, status }: PersistentVolumeClaim): ObjectKey[] =>
  keysOf(
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  );

const classOf = ({ spec }: PersistentVolume): ObjectKey[] => keysOf(spec?.volumeAttributesClassName);
