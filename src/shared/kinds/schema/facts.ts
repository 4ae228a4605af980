/** Looks up the facts about API types. Nothing is parsed before it is asked for. */
import data from './data/facts.json' with { type: 'json' };
import own from './data/own.json' with { type: 'json' };
import { type Field, parseField, type Ref } from './field.ts';

export type { Field, Ref } from './field.ts';

/** Is a struct of Kubernetes' Go types, with all that JSON, protobuf, OpenAPI and apply derive from it. */
export interface Type {
  /** Unique over all groups, and the name of the interface in types.ts. */
  name: string;
  /** The name within its group. */
  goName: string;
  group: string;
  version: string;
  /** Name in OpenAPI documents, such as io.k8s.api.core.v1.Pod. */
  model: string;
  /** Carries apiVersion and kind. */
  isKind: boolean;
  /** A named list of strings, which protobuf wraps in a message of its own. */
  isList: boolean;
  /** Server-side apply treats it as one value. */
  atomic: boolean;
  /** In the order Kubernetes writes them; the fields of inlined structs stand in their place. */
  fields: Field[];
  byName: Map<string, Field>;
  /** Fields that are written even when the object does not have them. */
  present: Field[];
  /** Protobuf number → field, or the inlined struct that is a message of its own there. */
  byNumber: Map<number, WireField>;
}

/** Is what a protobuf number stands for: a field, or an inlined struct that is a message by itself. */
export type WireField = { field: Field } | { inline: Type };

interface Package {
  group: string;
  version: string;
  model: string;
  renamed: Record<string, string>;
  enums: Record<string, string[]>;
  types: Record<string, Record<string, string>>;
}

/** The Kubernetes release of the facts, such as v0.35.4. */
export const release: string = data.release;

/** Those of Kubernetes are generated; data/own.json, in the same form, states the project's own types. */
const packages = [...data.packages, ...own.packages] as unknown as Package[];
const homes = new Map<string, Package>();
const enums = new Map<string, string[]>();
for (const pkg of packages) {
  for (const name in pkg.types) homes.set(name, pkg);
  for (const name in pkg.enums) enums.set(name, pkg.enums[name]!);
}
const parsed = new Map<string, Type>();

/** The unique names of all types. */
export const typeNames = (): string[] => [...homes.keys()];

/** The type of that unique name, if there is one. */
export function findType(name: string): Type | undefined {
  const known = parsed.get(name);
  if (known) return known;
  const home = homes.get(name);
  if (!home) return undefined;
  const type = parseType(name, home);
  parsed.set(name, type);
  return type;
}

/** The type of that unique name. Throws when there is none: that is a mistake in the program. */
export function typeOf(name: string): Type {
  const type = findType(name);
  if (!type) throw new Error(`no facts about type ${name}`);
  return type;
}

/** Returns the fields of a type. Throws when no type has the name. */
export const fieldsOf = (name: string): Field[] => typeOf(name).fields;

/** The values of an enum type, sorted. */
export const enumValues = (name: string): string[] => enums.get(name) ?? [];

/** The unique type name of a kind, such as EventsV1Event for events.k8s.io/v1 Event. */
export function typeNameOf(group: string, version: string, kind: string): string | undefined {
  const pkg = packages.find((p) => p.group === group && p.version === version);
  if (!pkg) return undefined;
  for (const unique in pkg.renamed) if (pkg.renamed[unique] === kind) return unique;
  return Object.hasOwn(pkg.types, kind) && !Object.hasOwn(pkg.renamed, kind) ? kind : undefined;
}

/** Describes what patching needs to know about one field. */
export interface FieldFact {
  /** Unique name of the element's type: of the list's elements, the map's values or the field itself. */
  type: string;
  /** The element is an object with fields of its own, for which fieldFact can be asked. */
  isStruct: boolean;
  list: boolean;
  map: boolean;
  mergeKey?: string;
  patchStrategy: string[];
  listType?: string;
  listMapKeys?: string[];
  structType?: string;
}

/** Undefined for unknown types and fields (custom resources, for instance). */
export function fieldFact(typeName: string, jsonName: string): FieldFact | undefined {
  const field = findType(typeName)?.byName.get(jsonName);
  if (!field) return undefined;
  const { ref, mergeKey, patchStrategy, listType, listMapKeys, structType } = field;
  const element: Ref = ref.is === 'list' || ref.is === 'map' ? ref.of : ref;
  return {
    type: 'name' in element ? element.name : '',
    isStruct: element.is === 'struct',
    list: ref.is === 'list',
    map: ref.is === 'map',
    mergeKey,
    patchStrategy,
    listType,
    listMapKeys,
    structType,
  };
}

/** Returns the key by which strategic merge patches match items of the list; undefined for a list replaced whole. */
export const mergeKeyOf = (typeName: string, jsonName: string): string | undefined =>
  fieldFact(typeName, jsonName)?.mergeKey;

const typeMeta = (name: string, number: number, index: number): Field =>
  parseField(name, index, `string ${number}`, () => false);

function parseType(name: string, home: Package): Type {
  const lines = home.types[name]!;
  const traits = lines['']?.split(' ') ?? [];
  const goName = home.renamed[name] ?? name;
  const isKind = traits.includes('kind');
  const fields: Field[] = isKind ? [typeMeta('kind', 0, 0), typeMeta('apiVersion', 0, 1)] : [];
  const byNumber = new Map<number, WireField>();
  for (const jsonName in lines) {
    if (jsonName === '') continue;
    const field = parseField(jsonName, fields.length, lines[jsonName]!, (n) => enums.has(n));
    if (jsonName.startsWith('+')) {
      const inline = typeOf((field.ref as { name: string }).name);
      byNumber.set(field.number, { inline });
      for (const inner of inline.fields) fields.push({ ...inner, index: fields.length });
    } else {
      fields.push(field);
      if (field.number > 0) byNumber.set(field.number, { field });
    }
  }
  return {
    name,
    goName,
    group: home.group === 'meta.k8s.io' ? '' : home.group,
    version: home.version,
    model: `${home.model}.${goName}`,
    isKind,
    isList: traits.includes('list'),
    atomic: traits.includes('atomic'),
    fields,
    byName: new Map(fields.map((f) => [f.name, f])),
    present: fields.filter(isAlwaysWritten),
    byNumber,
  };
}

/** Go leaves out empty values marked so, but it never counts a struct as empty. */
function isAlwaysWritten({ always, omitzero, pointer, ref }: Field): boolean {
  if (omitzero) return false;
  if (always) return true;
  if (pointer) return false;
  return ref.is === 'struct' ? !isNamedList(ref.name) : ref.is === 'special';
}

/** ExtraValue and Verbs are slices in Go. */
const isNamedList = (name: string): boolean => homes.get(name)?.types[name]?.['']?.includes('list') ?? false;
