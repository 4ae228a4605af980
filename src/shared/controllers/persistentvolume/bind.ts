import { formatTime } from '../../clock/clock.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import type { ReconcileContext } from '../controller.ts';
import { persistentVolumeClaims, persistentVolumes } from '../resources.ts';
import { annotations } from './names.ts';

/**
 * Joins the two, the volume first: it is the one that others may want too, so that the first write decides. Each step is
 * left out when it is done; a stale one ends in Conflict and is tried again.
 */
export async function bind(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  ctx: ReconcileContext,
): Promise<undefined> {
  const taken = await setPhase(await take(volume, claim, ctx), 'Bound', ctx);
  const held = await point(claim, taken, ctx);
  const status = {
    ...held.status,
    phase: 'Bound' as const,
    accessModes: taken.spec?.accessModes,
    capacity: taken.spec?.capacity,
  };
  if (!same(status, held.status)) await ctx.client.updateStatus(persistentVolumeClaims, { ...held, status });
}

async function take(
  volume: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
  { client }: ReconcileContext,
) {
  const { namespace, name, uid, resourceVersion } = metadata;
  if (volume.spec?.claimRef?.uid === uid) return volume;
  const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid, resourceVersion };
  const own = volume.spec?.claimRef ? {} : { [annotations.boundByController]: 'yes' };
  return client.update(persistentVolumes, {
    ...volume,
    metadata: { ...volume.metadata, annotations: { ...volume.metadata.annotations, ...own } },
    spec: { ...volume.spec, claimRef },
  });
}

async function point(
  claim: PersistentVolumeClaim,
  { metadata }: PersistentVolume,
  { client }: ReconcileContext,
) {
  const done = claim.metadata.annotations?.[annotations.bindCompleted];
  if (claim.spec?.volumeName === metadata.name && done) return claim;
  const by = metadata.annotations?.[annotations.provisionedBy];
  return client.update(persistentVolumeClaims, {
    ...claim,
    metadata: {
      ...claim.metadata,
      annotations: {
        ...claim.metadata.annotations,
        [annotations.bindCompleted]: 'yes',
        ...(!claim.spec?.volumeName && { [annotations.boundByController]: 'yes' }),
        ...(by && { [annotations.provisioner]: by }),
      },
    },
    spec: { ...claim.spec, volumeName: metadata.name },
  });
}

/** Answers the volume as it is then. */
export async function setPhase(
  volume: PersistentVolume,
  phase: 'Available' | 'Bound' | 'Released' | 'Failed',
  { client, clock }: ReconcileContext,
  message?: string,
): Promise<PersistentVolume> {
  const { phase: old, message: oldMessage } = volume.status ?? {};
  if (old === phase && oldMessage === message) return volume;
  const lastPhaseTransitionTime =
    old === phase ? volume.status?.lastPhaseTransitionTime : formatTime(clock.now());
  return client.updateStatus(persistentVolumes, {
    ...volume,
    status: { phase, lastPhaseTransitionTime, ...(message && { message }) },
  });
}
