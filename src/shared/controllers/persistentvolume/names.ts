import type { ObjectMeta, PersistentVolumeClaim, StorageClass } from '../../kinds/schema/types.ts';
import { newestDefault } from '../../meta/newestDefault.ts';

/** Names the finalizer that keeps a claim while a Pod uses it. */
export const claimProtection = 'kubernetes.io/pvc-protection';
/** Names the finalizer that keeps a volume while a claim is bound to it. */
export const volumeProtection = 'kubernetes.io/pv-protection';

/** Holds the annotations by which Kubernetes' own volume controller says what it did, and tools read it. */
export const annotations = {
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  provisioner: 'volume.kubernetes.io/storage-provisioner',
  selectedNode: 'volume.kubernetes.io/selected-node',
  isDefault: 'storageclass.kubernetes.io/is-default-class',
};

/** The Node that a claim's volume has to be for, once the scheduler has chosen one. */
export const selectedNode = ({ metadata }: PersistentVolumeClaim): string | undefined =>
  metadata.annotations?.[annotations.selectedNode];

/** Returns the name of the volume that is made for a claim. */
export const volumeNameFor = ({ uid }: Pick<ObjectMeta, 'uid'>): string => `pvc-${uid}`;

/** The class of claims that name none. */
export const defaultClass = (classes: StorageClass[]): StorageClass | undefined =>
  newestDefault(classes, annotations.isDefault);
