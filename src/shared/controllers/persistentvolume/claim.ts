import type { PersistentVolumeClaim, StorageClass } from '../../kinds/schema/types.ts';
import { unlessGone } from '../common/ignore.ts';
import type { ReconcileContext, Requeue, WorkKey } from '../controller.ts';
import { nodes, persistentVolumeClaims, persistentVolumes, pods, storageClasses } from '../resources.ts';
import { bind } from './bind.ts';
import { isInUse } from './inUse.ts';
import { bestFor, classOf, isFor, mismatch } from './match.ts';
import { annotations, claimProtection, defaultClass, selectedNode, volumeNameFor } from './names.ts';
import { provision } from './provision.ts';
import { isReachable, waitsForConsumer } from './topology.ts';

/** Binds a claim to the volume kept for it, else to the smallest that fits, else has the cloud make one. */
export async function reconcileClaim(key: WorkKey, ctx: ReconcileContext): Promise<Requeue | undefined> {
  const claim = await ctx.client.get(persistentVolumeClaims, key.namespace, key.name);
  if (!claim) return undefined;
  if (claim.metadata.deletionTimestamp) return release(claim, key.cluster, ctx);
  if (claim.spec?.volumeName) return follow(claim, claim.spec.volumeName, ctx);
  const storageClass = await classFor(claim, ctx);
  if (waitsForConsumer(storageClass)) return wait(claim, storageClass!, key.cluster, ctx);
  const found = bestFor(claim, await ctx.client.list(persistentVolumes));
  if (found) return bind(claim, found, ctx);
  return makeOne(claim, key.cluster, ctx);
}

async function classFor(
  claim: PersistentVolumeClaim,
  { client }: ReconcileContext,
): Promise<StorageClass | undefined> {
  const name = classOf(claim);
  return name ? client.get(storageClasses, '', name) : undefined;
}

/**
 * Finds or makes the volume of a claim whose class waits for the first Pod, once the scheduler has chosen a Node for it.
 * Where there is none for that Node, the scheduler chooses again. A volume that is kept for the claim waits for nobody.
 */
async function wait(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  cluster: string,
  ctx: ReconcileContext,
): Promise<Requeue | undefined> {
  const { client, events } = ctx;
  const volumes = await client.list(persistentVolumes);
  const chosen = selectedNode(claim);
  const node = chosen === undefined ? undefined : await client.get(nodes, '', chosen);
  const found = bestFor(
    claim,
    volumes.filter((volume) => volume.spec?.claimRef || (node && isReachable(volume, node))),
  );
  if (found) return bind(claim, found, ctx);
  if (chosen === undefined) {
    const message = 'waiting for first consumer to be created before binding';
    events(claim, { type: 'Normal', reason: 'WaitForFirstConsumer', message });
    return undefined;
  }
  if (node && storageClass.provisioner !== 'kubernetes.io/no-provisioner')
    return provision(claim, storageClass, cluster, ctx);
  const { namespace = '', name = '', resourceVersion } = claim.metadata;
  const metadata = { resourceVersion, annotations: { [annotations.selectedNode]: null } };
  await unlessGone(client.patch(persistentVolumeClaims, namespace, name, { metadata }));
  return undefined;
}

/** Handles a claim that names its volume: the user chose it, or an earlier run found it. */
async function follow(claim: PersistentVolumeClaim, name: string, ctx: ReconcileContext): Promise<undefined> {
  const { client, events } = ctx;
  const volume = await client.get(persistentVolumes, '', name);
  const wasBound = claim.metadata.annotations?.[annotations.bindCompleted] !== undefined;
  if (!volume || (volume.spec?.claimRef && !isFor(volume, claim))) {
    if (wasBound) return lose(claim, volume ? 'Misbound' : 'Lost', ctx);
    if (volume) {
      const message = `volume "${name}" already bound to a different claim.`;
      events(claim, { type: 'Warning', reason: 'FailedBinding', message });
    }
    return undefined;
  }
  // Whoever made the two for each other has decided, whatever their classes.
  const why = !wasBound && !volume.spec?.claimRef ? mismatch(volume, claim) : undefined;
  if (!why) return bind(claim, volume, ctx);
  const message = `Cannot bind to requested volume "${name}": ${why}`;
  events(claim, { type: 'Warning', reason: 'VolumeMismatch', message });
  return undefined;
}

async function lose(
  claim: PersistentVolumeClaim,
  how: 'Lost' | 'Misbound',
  { client, events }: ReconcileContext,
): Promise<undefined> {
  if (claim.status?.phase === 'Lost') return;
  const message =
    how === 'Lost'
      ? 'Bound claim has lost its PersistentVolume. Data on the volume is lost!'
      : 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!';
  await client.updateStatus(persistentVolumeClaims, { ...claim, status: { phase: 'Lost' } });
  events(claim, { type: 'Warning', reason: 'ClaimLost', message });
}

async function makeOne(
  claim: PersistentVolumeClaim,
  cluster: string,
  ctx: ReconcileContext,
): Promise<Requeue | undefined> {
  const { client, events } = ctx;
  const name = classOf(claim);
  if (name === undefined) {
    // It was made before there was a default.
    const found = defaultClass(await client.list(storageClasses));
    if (found) {
      const { metadata, spec } = claim;
      const withClass = { ...claim, spec: { ...spec, storageClassName: found.metadata.name } };
      await client.update(persistentVolumeClaims, { ...withClass, metadata });
      return undefined;
    }
  }
  if (!name) {
    const message = 'no persistent volumes available for this claim and no storage class is set';
    events(claim, { type: 'Normal', reason: 'FailedBinding', message });
    return undefined;
  }
  const storageClass = await client.get(storageClasses, '', name);
  if (storageClass) return provision(claim, storageClass, cluster, ctx);
  const message = `storageclass.storage.k8s.io "${name}" not found`;
  events(claim, { type: 'Warning', reason: 'ProvisioningFailed', message });
  return undefined;
}

/** It may go when no Pod has it any more. What was made for it and never became a volume goes along. */
async function release(
  claim: PersistentVolumeClaim,
  cluster: string,
  { client, cloud }: ReconcileContext,
): Promise<undefined> {
  const { namespace = '', name = '', uid = '', finalizers = [], resourceVersion } = claim.metadata;
  if (!finalizers.includes(claimProtection)) return;
  if (isInUse(name, await client.list(pods, { namespace }))) return;
  if (!claim.spec?.volumeName && !(await client.get(persistentVolumes, '', volumeNameFor(claim.metadata))))
    await cloud.volumes?.remove({ cluster, namespace, name, uid });
  const remaining = finalizers.filter((each) => each !== claimProtection);
  const patch = { metadata: { resourceVersion, finalizers: remaining } };
  await unlessGone(client.patch(persistentVolumeClaims, namespace, name, patch));
}
