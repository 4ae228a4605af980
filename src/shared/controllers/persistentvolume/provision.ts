import { isReason } from '../../errors/apiError.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../kinds/schema/types.ts';
import type { MadeVolume, VolumeRef } from '../../ports/cloud.ts';
import { unlessThere } from '../common/ignore.ts';
import type { ReconcileContext, Requeue } from '../controller.ts';
import { persistentVolumes } from '../resources.ts';
import { annotations, volumeNameFor } from './names.ts';

/** Has the cloud make a volume. Its appearance brings the claim here again, to be bound. */
export async function provision(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  cluster: string,
  ctx: ReconcileContext,
): Promise<Requeue | undefined> {
  const { client, cloud, events } = ctx;
  const { namespace = '', name = '', uid = '' } = claim.metadata;
  const { provisioner } = storageClass;
  if (cloud.volumes?.provisioner !== provisioner) {
    const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
    events(claim, { type: 'Normal', reason: 'ExternalProvisioning', message });
    return undefined;
  }
  const ref: VolumeRef = { cluster, namespace, name, uid };
  let made: MadeVolume;
  try {
    refuse(claim);
    made = await cloud.volumes.provision(ref, claim, storageClass);
  } catch (error) {
    const message = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${(error as Error).message}`;
    events(claim, { type: 'Warning', reason: 'ProvisioningFailed', message });
    // What the class or the claim says stays wrong until one of them changes.
    if (error instanceof Unsupported || isReason(error, 'Invalid')) return undefined;
    throw error;
  }
  const volume = volumeFor(claim, storageClass, made);
  if (!(await unlessThere(client.create(persistentVolumes, volume)))) return undefined;
  const message = `Successfully provisioned volume ${volume.metadata.name}`;
  events(claim, { type: 'Normal', reason: 'ProvisioningSucceeded', message });
  return undefined;
}

class Unsupported extends Error {}

function refuse({ spec }: PersistentVolumeClaim): void {
  if (spec?.selector) throw new Unsupported('claim.Spec.Selector is not supported for dynamic provisioning');
  if (spec?.volumeMode === 'Block') throw new Unsupported('block volume provisioning is not supported');
  if (spec?.dataSource || spec?.dataSourceRef) throw new Unsupported('data sources are not supported');
}

function volumeFor(
  claim: PersistentVolumeClaim,
  { metadata: { name }, provisioner, reclaimPolicy, mountOptions }: StorageClass,
  { spec, capacity }: MadeVolume,
): PersistentVolume {
  const { namespace, name: claimName, uid, resourceVersion } = claim.metadata;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: volumeNameFor(claim.metadata),
      annotations: { [annotations.provisionedBy]: provisioner },
    },
    spec: {
      ...spec,
      capacity: { storage: capacity },
      accessModes: claim.spec?.accessModes,
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace,
        name: claimName,
        uid,
        resourceVersion,
      },
      persistentVolumeReclaimPolicy: reclaimPolicy ?? 'Delete',
      storageClassName: name,
      ...(mountOptions && { mountOptions }),
      volumeMode: claim.spec?.volumeMode ?? 'Filesystem',
    },
  };
}
