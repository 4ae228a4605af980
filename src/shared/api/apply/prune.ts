import { elementOf, partShape, type Shape, shapeFor } from '../../kinds/schema/shape.ts';
import { setOwn } from '../../kinds/schema/zero.ts';
import { type FieldSet, isEmpty } from './fieldSet.ts';

type Json = Record<string, unknown>;

/**
 * `value` without what its applier named last time and nobody owns any more. What was named goes with everything below
 * it, unless somebody owns a part of that.
 */
export function prune(value: unknown, last: FieldSet, owned: FieldSet, form: Shape): unknown {
  const shape = shapeFor(value, form);
  if (shape.is === 'leaf' || value === null || typeof value !== 'object') return value;
  if (shape.is === 'list')
    return (value as unknown[]).flatMap((item) => {
      const kept = part(item, elementOf(item, shape.keys), last, owned, shape.of);
      return kept === gone ? [] : [kept];
    });
  const pruned: Json = {};
  for (const key in value as Json) {
    const kept = part((value as Json)[key], `f:${key}`, last, owned, partShape(shape, key));
    if (kept !== gone) setOwn(pruned, key, kept);
  }
  return pruned;
}

const gone = Symbol('gone');

function part(value: unknown, element: string, last: FieldSet, owned: FieldSet, shape: Shape): unknown {
  const before = last.children.get(element);
  if (!before) return value;
  const now = owned.children.get(element);
  // A field that was named through its parts counts as named.
  const wasNamed = before.member || element.startsWith('f:');
  if (wasNamed && (!now || isEmpty(now))) return gone;
  return prune(value, before, now ?? { member: false, children: new Map() }, shape);
}
