import type { PersistentVolumeClaim, StorageClass } from '../../kinds/schema/types.ts';
import type { Storage } from '../../ports/storage.ts';
import type { AdmissionPlugin } from '../plugin.ts';

const isDefault = 'storageclass.kubernetes.io/is-default-class';
const betaClass = 'volume.beta.kubernetes.io/storage-class';

/** Gives claims that name no class the default one: the newest, where several say that they are. */
export const defaultStorageClass = ({ storage }: { storage: Storage }): AdmissionPlugin => ({
  name: 'DefaultStorageClass',
  resources: ['persistentvolumeclaims'],
  operations: ['CREATE'],
  addsDefaults: true,
  admit: async ({ cluster, object }) => {
    const { spec, metadata } = (object ?? {}) as PersistentVolumeClaim;
    if (!spec || spec.storageClassName !== undefined) return false;
    if (metadata.annotations?.[betaClass] !== undefined) return false;
    const { items } = await storage.list({ cluster, resource: 'storageclasses.storage.k8s.io' });
    const defaults = items
      .map(({ value }) => JSON.parse(Buffer.from(value).toString()) as StorageClass)
      .filter((each) => each.metadata.annotations?.[isDefault] === 'true');
    const newest = defaults.sort((a, b) => ageOf(b).localeCompare(ageOf(a)))[0];
    if (!newest?.metadata.name) return false;
    spec.storageClassName = newest.metadata.name;
    return true;
  },
});

const ageOf = ({ metadata }: StorageClass) => metadata.creationTimestamp ?? '';
