import type { PersistentVolumeClaim, StorageClass } from '../../kinds/schema/types.ts';
import type { Storage } from '../../ports/storage.ts';
import type { AdmissionPlugin } from '../plugin.ts';

const isDefault = 'storageclass.kubernetes.io/is-default-class';
const betaClass = 'volume.beta.kubernetes.io/storage-class';

/** Gives claims that name no class the default one: the newest, where several say that they are. */
export const defaultStorageClass = ({ storage }: { storage: Storage }): AdmissionPlugin => ({
  name: 'DefaultStorageClass',
  resources: ['persistentvolumeclaims'],
  admit: async ({ operation, cluster, object, subresource }) => {
    const { spec, metadata } = (object ?? {}) as PersistentVolumeClaim;
    if (operation !== 'create' || subresource || !spec || spec.storageClassName !== undefined)
      return undefined;
    if (metadata.annotations?.[betaClass] !== undefined) return undefined;
    const { items } = await storage.list({ cluster, resource: 'storageclasses.storage.k8s.io' });
    const defaults = items
      .map(({ value }) => JSON.parse(Buffer.from(value).toString()) as StorageClass)
      .filter((each) => each.metadata.annotations?.[isDefault] === 'true');
    const newest = defaults.sort((a, b) => ageOf(b).localeCompare(ageOf(a)))[0];
    if (newest?.metadata.name) spec.storageClassName = newest.metadata.name;
    return undefined;
  },
});

const ageOf = ({ metadata }: StorageClass) => metadata.creationTimestamp ?? '';
