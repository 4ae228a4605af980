import { table } from '../../meta/table.ts';
import type { AdmissionPlugin } from '../plugin.ts';

const finalizers: Record<string, string> = table({
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  persistentvolumes: 'kubernetes.io/pv-protection',
});

/** Claims and volumes stay while somebody uses them: their controller lets them go. */
export const storageProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  resources: Object.keys(finalizers),
  admit: ({ operation, kind, object, subresource }) => {
    const finalizer = finalizers[kind.plural];
    if (operation !== 'create' || subresource || !object || !finalizer) return undefined;
    const { metadata } = object;
    if (!metadata.finalizers?.includes(finalizer))
      metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
    return undefined;
  },
};
