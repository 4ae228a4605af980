import type { PersistentVolume, Pod, ResourceSlice, VolumeAttachment } from '../../kinds/schema/types.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Storage, Stored } from '../../ports/storage.ts';
import { referencesOf } from './references.ts';

/** An object that a node asks for. */
export interface Wanted {
  readonly cluster: string;
  readonly node: string;
  /** `secrets`, `resourceslices.resource.k8s.io`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Tells whether a node needs an object: it is the node's own, or a Pod on the node refers to it. */
export type IsRelated = (wanted: Wanted) => Promise<boolean>;

/** Looks at the Pods that are stored as on the node; upstream keeps a graph of them, which says the same. */
export function relatedIn(storage: Pick<Storage, 'get' | 'list'>): IsRelated {
  const read = async <T extends KubeObject>({ cluster, resource, namespace, name }: Wanted) => {
    const found = await storage.get({ cluster, resource, namespace, name });
    return found && objectOf<T>(found);
  };
  const isUsed = async ({ cluster, node, resource, namespace, name }: Wanted) => {
    const { items } = await storage.list({ cluster, resource: 'pods', namespace });
    const own = items.filter(({ index }) => index.fields?.['spec.nodeName'] === node);
    return own.some((pod) => referencesOf(objectOf<Pod>(pod))[resource]?.has(name));
  };
  return async (wanted) => {
    const { node, resource } = wanted;
    if (resource === 'pods') return (await read<Pod>(wanted))?.spec?.nodeName === node;
    if (resource === 'resourceslices.resource.k8s.io')
      return (await read<ResourceSlice>(wanted))?.spec?.nodeName === node;
    if (resource === 'volumeattachments.storage.k8s.io')
      return (await read<VolumeAttachment>(wanted))?.spec?.nodeName === node;
    if (resource !== 'persistentvolumes') return isUsed(wanted);
    const { name, namespace } = (await read<PersistentVolume>(wanted))?.spec?.claimRef ?? {};
    if (!name || !namespace) return false;
    return isUsed({ ...wanted, resource: 'persistentvolumeclaims', namespace, name });
  };
}

const objectOf = <T>({ value }: Stored): T => JSON.parse(Buffer.from(value).toString()) as T;
