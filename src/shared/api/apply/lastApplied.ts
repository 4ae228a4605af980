import type { Shape } from '../../kinds/schema/shape.ts';
import type { AnyObject } from '../../meta/object.ts';
import { fieldsIn } from './compare.ts';
import { empty, type FieldSet } from './fieldSet.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** A client that moves from client-side to server-side apply may take over the fields of its last configuration. */
export function namedByLastApplied(live: AnyObject, shape: Shape): FieldSet {
  const text = live.metadata.annotations?.[annotation];
  if (!text) return empty;
  try {
    return fieldsIn(JSON.parse(text), shape);
  } catch {
    // Somebody wrote something else there.
    return empty;
  }
}

/** Keeps the annotation, where there is one, in step with what is applied, for a way back. */
export function withLastApplied(object: AnyObject, config: AnyObject): AnyObject {
  const { annotations } = object.metadata;
  if (!annotations?.[annotation]) return object;
  const { [annotation]: _, ...others } = config.metadata.annotations ?? {};
  const { annotations: _annotations, ...metadata } = config.metadata;
  const kept = Object.keys(others).length ? { ...metadata, annotations: others } : metadata;
  const text = `${JSON.stringify(sorted({ ...config, metadata: kept }))}\n`;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [annotation]: text } } };
}

/** With the keys of every object in order, as Go writes maps. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
