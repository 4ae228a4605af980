import type { ObjectMeta, PersistentVolumeClaim, StorageClass } from '../../kinds/schema/types.ts';

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

/** The class of claims that name none: the newest, where several say that they are. */
export const defaultClass = (classes: StorageClass[]): StorageClass | undefined =>
  classes
    .filter(({ metadata }) => metadata.annotations?.[annotations.isDefault] === 'true')
    .sort(newestFirst)[0];

const newestFirst = ({ metadata: a }: StorageClass, { metadata: b }: StorageClass) =>
  (b.creationTimestamp ?? '').localeCompare(a.creationTimestamp ?? '') ||
  ((a.name ?? '') < (b.name ?? '') ? -1 : 1);
