import type { PersistentVolumeClaim } from '../../kinds/schema/types.ts';
import type { Storage } from '../../ports/storage.ts';
import { defaultClass } from '../defaultClass.ts';
import type { AdmissionPlugin } from '../plugin.ts';

const resource = 'storageclasses.storage.k8s.io';
const annotation = 'storageclass.kubernetes.io/is-default-class';
const betaClass = 'volume.beta.kubernetes.io/storage-class';

/** Gives claims that name no class the default one. */
export const defaultStorageClass = ({ storage }: { storage: Storage }): AdmissionPlugin => ({
  name: 'DefaultStorageClass',
  resources: ['persistentvolumeclaims'],
  operations: ['CREATE'],
  addsDefaults: true,
  admit: async ({ cluster, object }) => {
    const { spec, metadata } = (object ?? {}) as PersistentVolumeClaim;
    if (!spec || spec.storageClassName !== undefined) return false;
    if (metadata.annotations?.[betaClass] !== undefined) return false;
    const name = await defaultClass({ storage, cluster, resource, annotation });
    if (!name) return false;
    spec.storageClassName = name;
    return true;
  },
});
