/** Fills in what a real server fills in: the defaults stated in the facts, then the rules of the kinds. */
import { copyOf } from '../../meta/copy.ts';
import { defaultRules as rules } from '../defaults.ts';
import type { TypeRules } from './defaultRules.ts';
import { type Field, type Type, typeOf } from './facts.ts';
import { inOrder, isLeftOut } from './zero.ts';

type Json = Record<string, unknown>;

/**
 * @param object as decodeObject gives it; it may be changed.
 * @returns the object with its defaults, fields still in the order of the type. Applying it twice changes nothing.
 */
export function applyDefaults<T extends object>(object: T, typeName: string): T {
  const plan = planFor(typeName);
  return plan ? (apply(object as Json, plan) as T) : object;
}

/** Describes what there is to do for one type: nothing at all for most types, which are then not even visited. */
interface Plan {
  type: Type;
  rules: TypeRules;
  stated: Field[];
  children: { field: Field; plan: Plan }[];
}

const plans = new Map<string, Plan | undefined>();

function planFor(typeName: string): Plan | undefined {
  if (plans.has(typeName)) return plans.get(typeName);
  // A type that contains itself finds nothing of itself yet; none of those has defaults.
  plans.set(typeName, undefined);
  const type = typeOf(typeName);
  const own = rules[typeName] ?? {};
  const stated = type.fields.filter((f) => f.default !== undefined && !isLeftOut(f, f.default));
  const children = type.fields.flatMap((field) => {
    const { ref } = field;
    const element = ref.is === 'list' || ref.is === 'map' ? ref.of : ref;
    const plan = element.is === 'struct' ? planFor(element.name) : undefined;
    return plan ? [{ field, plan }] : [];
  });
  const isIdle = rules[typeName] === undefined && stated.length === 0 && children.length === 0;
  const plan = isIdle ? undefined : { type, rules: own, stated, children };
  plans.set(typeName, plan);
  return plan;
}

/** The object itself first: its rules may add the parts whose own defaults follow. */
function apply(object: Json, { type, rules: own, stated, children }: Plan): Json {
  let touched = false;
  if (own.adjust) {
    own.adjust(object);
    touched = true;
  }
  for (const { name, default: value } of stated) {
    if (object[name] === undefined || object[name] === null) {
      object[name] = value;
      touched = true;
    }
  }
  for (const name in own.fields) {
    // A field that Go always writes is null where nobody set it.
    if (object[name] !== undefined && object[name] !== null) continue;
    const rule = own.fields[name];
    const value = typeof rule === 'function' ? rule(object) : structuredCopy(rule);
    if (value === undefined) continue;
    object[name] = value;
    touched = true;
  }
  for (const { field, plan } of children) {
    const value = object[field.name];
    if (typeof value === 'object' && value !== null) object[field.name] = applyWithin(value, field, plan);
  }
  return touched && !isInOrder(object, type) ? inOrder(object, type) : object;
}

/** The rules' objects are shared by all, so each object gets its own. */
const structuredCopy = (value: unknown): unknown => (typeof value === 'object' ? copyOf(value) : value);

function isInOrder(object: Json, { byName }: Type): boolean {
  let last = -1;
  for (const name in object) {
    const index = byName.get(name)!.index;
    if (index < last) return false;
    last = index;
  }
  return true;
}

function applyWithin(value: object, { ref }: Field, plan: Plan): unknown {
  if (ref.is === 'struct') return apply(value as Json, plan);
  if (Array.isArray(value)) return value.map((element) => apply(element as Json, plan));
  const map = value as Json;
  for (const key of Object.keys(map)) map[key] = apply(map[key] as Json, plan);
  return map;
}
