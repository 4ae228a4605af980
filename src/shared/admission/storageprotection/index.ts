import { resourceName } from '../../kinds/kind.ts';
import { table } from '../../meta/table.ts';
import type { AdmissionPlugin } from '../plugin.ts';

const finalizers: Record<string, string> = table({
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  persistentvolumes: 'kubernetes.io/pv-protection',
  'volumeattributesclasses.storage.k8s.io': 'kubernetes.io/vac-protection',
});

/** Claims and volumes stay while somebody uses them: their controller lets them go. */
export const storageProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  resources: Object.keys(finalizers),
  operations: ['CREATE'],
  addsDefaults: true,
  admit: ({ kind, object }) => {
    const finalizer = finalizers[resourceName(kind)];
    if (!object || !finalizer || object.metadata.finalizers?.includes(finalizer)) return false;
    object.metadata.finalizers = [...(object.metadata.finalizers ?? []), finalizer];
    return true;
  },
};
