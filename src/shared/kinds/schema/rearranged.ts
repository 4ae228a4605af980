/** Puts an object right to which trusted code has added fields: a strategy of its kind, a plugin of admission. */
import { type Ref, type Type, typeOf } from './facts.ts';
import { complete, inOrder, isLeftOut, setOwn } from './zero.ts';

type Json = Record<string, unknown>;

/**
 * Returns the object that decoding `value` would give, as long as its values have their types and their one form, as those
 * of decoded objects do: fields in the order of the type, nothing that is empty or unknown, keys of maps sorted. Checks no
 * value, and shares with `value` what is in order, which is most of it.
 */
export function rearranged(value: Json, type: Type): Json {
  let changed: Json | undefined;
  let last = -1;
  let isOrdered = true;
  for (const key in value) {
    const given = value[key];
    const field = type.byName.get(key);
    const inner =
      field && given !== null && given !== undefined ? rearrangedPart(given, field.ref) : undefined;
    const isGone = inner === undefined || isLeftOut(field!, inner);
    if (isGone || inner !== given) changed ??= { ...value };
    if (isGone) {
      delete changed![key];
      continue;
    }
    if (changed) changed[key] = inner;
    if (field!.index < last) isOrdered = false;
    last = field!.index;
  }
  const found = changed ?? value;
  for (const { name } of type.present)
    if (found[name] === undefined) return complete(changed ?? { ...value }, type, false);
  // A field that was deleted leaves an object that is slow to read.
  return isOrdered && !changed ? value : inOrder(found, type);
}

function rearrangedPart(value: unknown, ref: Ref): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ref.is === 'struct') {
    const type = typeOf(ref.name);
    return type.isList ? value : rearranged(value as Json, type);
  }
  if (ref.is === 'list') return rearrangedList(value as unknown[], ref.of);
  return ref.is === 'map' ? rearrangedMap(value as Json, ref.of) : value;
}

function rearrangedList(list: unknown[], of: Ref): unknown[] {
  if (of.is === 'scalar' || of.is === 'enum') return list;
  let changed: unknown[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const inner = rearrangedPart(list[i], of);
    if (inner === list[i]) continue;
    changed ??= list.slice();
    changed[i] = inner;
  }
  return changed ?? list;
}

function rearrangedMap(map: Json, of: Ref): Json {
  const keys = Object.keys(map);
  let isSame = true;
  for (let i = 0; i < keys.length && isSame; i++) {
    const key = keys[i]!;
    isSame = (i === 0 || keys[i - 1]! <= key) && rearrangedPart(map[key], of) === map[key];
  }
  if (isSame) return map;
  const output: Json = {};
  for (const key of keys.sort()) setOwn(output, key, rearrangedPart(map[key], of));
  return output;
}
