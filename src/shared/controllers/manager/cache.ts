import type { KubeObject } from '../../meta/object.ts';

/** Objects of one resource in one cluster, with the indexes that keep a controller's reads small. */
export class Cache {
  #byNamespace = new Map<string, Map<string, KubeObject>>();
  #byOwner = new Map<string, Map<string, KubeObject>>();
  /** Revision of the newest deletion among an owner's children, while it has any or is asked for. */
  #deletions = new Map<string, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#byNamespace.get(namespace)?.get(name);
  }

  /** In no particular order. */
  list(namespace?: string): KubeObject[] {
    if (namespace !== undefined) return [...(this.#byNamespace.get(namespace)?.values() ?? [])];
    const all: KubeObject[] = [];
    for (const objects of this.#byNamespace.values()) for (const object of objects.values()) all.push(object);
    return all;
  }

  ownedBy(uid: string): KubeObject[] {
    return [...(this.#byOwner.get(uid)?.values() ?? [])];
  }

  /** Changes whenever a child of this owner is gone: lets names of new children differ from theirs. */
  lastDeletion(owner: string): number {
    return this.#deletions.get(owner) ?? 0;
  }

  /** Returns what it replaces. */
  put(object: KubeObject): KubeObject | undefined {
    const { namespace = '', name = '' } = object.metadata;
    const objects = bucket(this.#byNamespace, namespace);
    const old = objects.get(name);
    objects.set(name, object);
    if (!old) this.#size++;
    this.#reindex(`${namespace}/${name}`, old, object);
    return old;
  }

  remove(namespace: string, name: string, revision: number): KubeObject | undefined {
    const objects = this.#byNamespace.get(namespace);
    const old = objects?.get(name);
    if (!objects || !old) return undefined;
    objects.delete(name);
    if (objects.size === 0) this.#byNamespace.delete(namespace);
    this.#size--;
    this.#reindex(`${namespace}/${name}`, old, undefined);
    for (const { uid } of old.metadata.ownerReferences ?? []) this.#deletions.set(uid, revision);
    return old;
  }

  /** An owner is gone: nothing will ask about its children any more. */
  forgetOwner(uid: string): void {
    this.#deletions.delete(uid);
  }

  #reindex(key: string, old: KubeObject | undefined, object: KubeObject | undefined): void {
    for (const { uid } of old?.metadata.ownerReferences ?? []) {
      const children = this.#byOwner.get(uid);
      children?.delete(key);
      if (children?.size === 0) this.#byOwner.delete(uid);
    }
    for (const { uid } of object?.metadata.ownerReferences ?? []) {
      bucket(this.#byOwner, uid).set(key, object!);
    }
  }
}

function bucket<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let inner = map.get(key);
  if (!inner) {
    inner = new Map();
    map.set(key, inner);
  }
  return inner;
}
