import { isBlank, partsOf, type Shape, shapeFor } from '../../kinds/schema/shape.ts';
import { isSame } from '../../kinds/validation/same.ts';
import { empty, type FieldSet, isEmpty, leaf } from './fieldSet.ts';

/** Holds the places at which two objects of one shape differ; no place is in more than one of the three sets. */
export interface Changes {
  added: FieldSet;
  modified: FieldSet;
  removed: FieldSet;
}

const nothing: Changes = { added: empty, modified: empty, removed: empty };

/** Returns which places differ between two objects of one shape. */
export function compare(before: unknown, after: unknown, of: Shape): Changes {
  if (before === undefined && after === undefined) return nothing;
  const shape = shapeFor(after ?? before, of);
  if (before !== undefined && after !== undefined && shape.is !== shapeFor(before, of).is)
    return replaced(before, after, of);
  if (shape.is === 'leaf' || (isBlank(before) && isBlank(after))) {
    if (before === undefined) return { ...nothing, added: leaf };
    if (after === undefined) return { ...nothing, removed: leaf };
    return isSame(before, after) ? nothing : { ...nothing, modified: leaf };
  }
  const [old, now] = [partsOf(before, shape), partsOf(after, shape)];
  const added = { member: before === undefined, children: empty.children };
  const modified = { member: false, children: empty.children };
  const removed = { member: after === undefined, children: empty.children };
  const descend = (element: string) => {
    const [was, is] = [old.get(element), now.get(element)];
    const inner = compare(was?.[0], is?.[0], (is ?? was)![1]);
    put(added, element, inner.added);
    put(modified, element, inner.modified);
    put(removed, element, inner.removed);
  };
  for (const element of old.keys()) descend(element);
  for (const element of now.keys()) if (!old.has(element)) descend(element);
  return { added, modified, removed };
}

/** A value that no schema describes has become one of another form. */
const replaced = (before: unknown, after: unknown, of: Shape): Changes => ({
  ...nothing,
  added: compare(undefined, after, of).added,
  removed: compare(before, undefined, of).removed,
});

const building = (member: boolean): FieldSet => ({ member, children: new Map() });

/** Adds a child to a set that is being made; most sets of a comparison stay without any, and then have no map of their own. */
function put(set: FieldSet, element: string, child: FieldSet): void {
  if (isEmpty(child)) return;
  if (set.children === empty.children) set.children = new Map();
  set.children.set(element, child);
}

/** The places that somebody names who sends this object. */
export function fieldsIn(value: unknown, form: Shape): FieldSet {
  const shape = shapeFor(value, form);
  if (shape.is === 'leaf') return leaf;
  const set = building(false);
  for (const [element, [inner, of]] of partsOf(value, shape)) {
    const child = fieldsIn(inner, of);
    // An item is named with what is in it, and so is an entry of a map. An empty list of items names nothing.
    const isNamed = shape.is !== 'struct' || (of.is !== 'leaf' && !Array.isArray(inner) && isBlank(inner));
    if (isNamed && !child.member) set.children.set(element, { ...child, member: true });
    else if (!isEmpty(child)) set.children.set(element, child);
  }
  return set;
}
