import { written } from '../../kinds/schema/shape.ts';

/**
 * A set of fields of an object, as managedFields has it. `children` are keyed by path elements in the words of FieldsV1:
 * `f:name`, `k:{"name":"c"}` (an item by its keys), `v:"x"` (an item by its value).
 */
export interface FieldSet {
  /** The place itself belongs to the set. */
  member: boolean;
  children: Map<string, FieldSet>;
}

/** Is the wire form of managedFields (`f:name`, `k:{...}`, `v:...`, and `.` for the place itself), nested by path. */
export type FieldsV1 = { [element: string]: FieldsV1 };

const none: Map<string, FieldSet> = new Map();
/** Contains no place. The values of a FieldSet are never changed, so that this one can be shared. */
export const empty: FieldSet = { member: false, children: none };
/** Contains the place itself and nothing below it. */
export const leaf: FieldSet = { member: true, children: none };

/** Returns whether the set contains neither the place itself nor anything below it. */
export const isEmpty = ({ member, children }: FieldSet): boolean => !member && children.size === 0;

/** Returns the places that are in `a`, in `b` or in both. */
export const union = (a: FieldSet, b: FieldSet): FieldSet => unionOf([a, b]);

/** Returns the places that are in one of the sets at least. It looks at each of them once: there may be thousands. */
export function unionOf(sets: readonly FieldSet[]): FieldSet {
  const full = sets.filter((set) => !isEmpty(set));
  if (full.length < 2) return full[0] ?? empty;
  const member = full.some((set) => set.member);
  const gathered = new Map<string, FieldSet[]>();
  for (const { children } of full)
    for (const [element, child] of children) {
      const same = gathered.get(element);
      if (same) same.push(child);
      else gathered.set(element, [child]);
    }
  const children = new Map<string, FieldSet>();
  for (const [element, all] of gathered) {
    const child = all.length === 1 ? all[0]! : unionOf(all);
    if (!isEmpty(child)) children.set(element, child);
  }
  return { member, children };
}

/** Returns what is in `a` and not in `b`, place by place: a place in `b` takes nothing below it. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet =>
  isEmpty(b) ? a : combined(a, b, a.member && !b.member, (x, y) => (y ? difference(x, y) : x));

/** Returns the places that are in both sets; a place in one set does not stand for what is below it in the other. */
export const intersection = (a: FieldSet, b: FieldSet): FieldSet =>
  combined(a, b, a.member && b.member, (x, y) => (y ? intersection(x, y) : empty));

/** Looks at the children of `a` only: many small sets may be compared with a large one. */
function combined(
  a: FieldSet,
  b: FieldSet,
  member: boolean,
  combine: (x: FieldSet, y: FieldSet | undefined) => FieldSet,
): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, own] of a.children) {
    const child = combine(own, b.children.get(element));
    if (!isEmpty(child)) children.set(element, child);
  }
  return { member, children };
}

/** Returns whether both sets contain the same places. */
export function equal(a: FieldSet, b: FieldSet): boolean {
  if (a.member !== b.member || a.children.size !== b.children.size) return false;
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    if (!other || !equal(child, other)) return false;
  }
  return true;
}

/** `{}` is a place of the set; so is one that has `.` among others below it. */
export function fromFieldsV1(fields: FieldsV1): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const element in fields) if (element !== '.') children.set(element, fromFieldsV1(fields[element]!));
  return { member: '.' in fields || children.size === 0, children };
}

/**
 * Writes the set as managedFields has it, elements sorted. `.` marks a place that is owned and also has owned parts.
 */
export function toFieldsV1({ member, children }: FieldSet): FieldsV1 {
  const fields: FieldsV1 = {};
  if (member && children.size > 0) fields['.'] = {};
  for (const element of [...children.keys()].sort()) fields[element] = toFieldsV1(children.get(element)!);
  return fields;
}

/** Every place of the set, each written as `.spec.containers[name="c"].image`. */
export function* placesOf({ member, children }: FieldSet, path = ''): Generator<string> {
  if (member && path) yield path;
  for (const element of [...children.keys()].sort())
    yield* placesOf(children.get(element)!, path + written(element));
}
