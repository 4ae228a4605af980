import { compactJson } from '../../../shared/kinds/printing/json.ts';
import type { KubeObject } from '../objects.ts';
import type { Json } from './threeWay.ts';

export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object with the annotation in which kubectl keeps what was applied, so that both tools may take turns. */
export function withLastApplied(object: KubeObject): KubeObject {
  const plain = withoutLastApplied(object);
  const text = `${compactJson(plain)}\n`;
  const annotations = { ...plain.metadata.annotations, [lastApplied]: text };
  return { ...plain, metadata: { ...plain.metadata, annotations } };
}

/** The object without that annotation, as it stands in it. */
export function withoutLastApplied(object: KubeObject): KubeObject {
  const { [lastApplied]: _, ...annotations } = object.metadata.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** Returns what was applied last; undefined when the object was made in another way. */
export function lastAppliedOf(object: KubeObject): Json | undefined {
  const text = object.metadata.annotations?.[lastApplied];
  return text === undefined ? undefined : (JSON.parse(text) as Json);
}
