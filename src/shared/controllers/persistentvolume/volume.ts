import { isReason } from '../../errors/apiError.ts';
import { textWithSteps } from '../../errors/steps.ts';
import type { ObjectReference, PersistentVolume } from '../../kinds/schema/types.ts';
import { unlessGone } from '../common/ignore.ts';
import type { ReconcileContext, Requeue, WorkKey } from '../controller.ts';
import { persistentVolumeClaims, persistentVolumes } from '../resources.ts';
import { setPhase } from './bind.ts';
import { annotations, volumeProtection } from './names.ts';

/** Makes the phase of a volume follow its claim, and retains or deletes the volume when that claim is gone. */
export async function reconcileVolume(key: WorkKey, ctx: ReconcileContext): Promise<Requeue | undefined> {
  const volume = await ctx.client.get(persistentVolumes, '', key.name);
  if (!volume) return undefined;
  const claimRef = volume.spec?.claimRef;
  if (!claimRef?.uid) return leave(volume, 'Available', ctx);
  if (await hasClaim(volume, claimRef, ctx)) return undefined;
  return reclaim(volume, claimRef, key.cluster, ctx);
}

/** Data hang on the answer, and a cache may not know of a claim yet: a patch that changes nothing asks the API itself. */
async function hasClaim(
  volume: PersistentVolume,
  { namespace = '', name = '', uid }: ObjectReference,
  { client }: ReconcileContext,
): Promise<boolean> {
  const known = await client.get(persistentVolumeClaims, namespace, name);
  if (known?.metadata.uid === uid) return !known?.spec?.volumeName || isOf(volume, known.spec.volumeName);
  try {
    const claim = await client.patch(persistentVolumeClaims, namespace, name, {});
    return claim.metadata.uid === uid;
  } catch (error) {
    if (isReason(error, 'NotFound')) return false;
    throw error;
  }
}

const isOf = ({ metadata }: PersistentVolume, name: string) => metadata.name === name;

/** Handles a volume whose claim is gone: the volume is kept with its contents, or deleted by its provisioner. */
async function reclaim(
  volume: PersistentVolume,
  claimRef: ObjectReference,
  cluster: string,
  ctx: ReconcileContext,
): Promise<undefined> {
  const { client, cloud, events } = ctx;
  const isOurs =
    cloud.volumes !== undefined &&
    volume.metadata.annotations?.[annotations.provisionedBy] === cloud.volumes.provisioner;
  if (volume.spec?.persistentVolumeReclaimPolicy !== 'Delete' || !isOurs)
    return leave(volume, 'Released', ctx);
  const released = volume.status?.phase === 'Failed' ? volume : await setPhase(volume, 'Released', ctx);
  const { namespace = '', name = '', uid = '' } = claimRef;
  try {
    await cloud.volumes?.remove({ cluster, namespace, name, uid }, volume.spec);
  } catch (error) {
    const message = textWithSteps(error);
    await setPhase(released, 'Failed', ctx, message);
    events(volume, { type: 'Warning', reason: 'VolumeFailedDelete', message });
    throw error;
  }
  if (!volume.metadata.deletionTimestamp)
    await unlessGone(
      client.delete(persistentVolumes, '', volume.metadata.name ?? '', { uid: volume.metadata.uid ?? '' }),
    );
  const current = await client.get(persistentVolumes, '', volume.metadata.name ?? '');
  if (current?.metadata.deletionTimestamp) await letGo(current, ctx);
}

/** Nobody has it: it may be deleted. */
async function leave(
  volume: PersistentVolume,
  phase: 'Available' | 'Released',
  ctx: ReconcileContext,
): Promise<undefined> {
  if (volume.metadata.deletionTimestamp) return letGo(volume, ctx);
  await setPhase(volume, phase, ctx);
}

async function letGo({ metadata }: PersistentVolume, { client }: ReconcileContext): Promise<undefined> {
  const { name = '', finalizers = [], resourceVersion } = metadata;
  if (!finalizers.includes(volumeProtection)) return;
  const remaining = finalizers.filter((each) => each !== volumeProtection);
  await unlessGone(
    client.patch(persistentVolumes, '', name, { metadata: { resourceVersion, finalizers: remaining } }),
  );
}
