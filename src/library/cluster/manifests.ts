import { documentsIn } from '../../cli/kube/manifests.ts';
import type { KubeObject } from '../types.ts';

const first = ['Namespace', 'CustomResourceDefinition'];

/**
 * The objects of texts, objects and lists, ready to be applied: Namespaces, then CustomResourceDefinitions, then the rest in
 * the order given. Throws when something is no object of Kubernetes.
 */
export function objectsOf(manifests: string | object | readonly object[]): KubeObject[] {
  const values = typeof manifests === 'string' ? documentsIn(manifests, 'the manifests') : [manifests].flat();
  const objects = values.flatMap(itemsOf);
  return objects.sort((a, b) => rank(a) - rank(b));
}

const rank = ({ kind = '' }: KubeObject) => (first.includes(kind) ? first.indexOf(kind) : first.length);

/** An object, or those of a List. */
function itemsOf(value: unknown): KubeObject[] {
  const { apiVersion, kind, items, metadata } = (value ?? {}) as Partial<KubeObject>;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string')
    throw new Error(`an object needs apiVersion and kind: ${excerpt(value)}`);
  if (kind.endsWith('List') && Array.isArray(items)) return items.flatMap(itemsOf);
  if (!metadata?.name) throw new Error(`an object needs metadata.name: ${excerpt(value)}`);
  return [value as KubeObject];
}

const excerpt = (value: unknown) => `${JSON.stringify(value)}`.slice(0, 200);
