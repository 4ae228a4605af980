/**
 * One field of an API type, and the line of text that states it in data/facts.json:
 *
 *     <type> <protobuf number> [words]
 *
 * The type is written as in Go (`*` pointer, `[]` list, `map[string]` map) over scalars and type names.
 * Words: `always` (encoded even when empty), `omitzero`, `required`, `go=` (name of a named scalar in messages),
 * `patch=` (strategies), `key=` (merge key), `list=kind[:keys]`, `struct=` (atomic or granular), `default=`.
 */
export interface Field {
  /** JSON name. */
  name: string;
  /** Place in the order in which Kubernetes writes the fields of the type. */
  index: number;
  ref: Ref;
  /** An absent value differs from an empty one. */
  pointer: boolean;
  /** Written even when empty. */
  always: boolean;
  /** A struct that is left out when it is empty. */
  omitzero: boolean;
  /** Required in the OpenAPI schema. */
  required: boolean;
  /** Protobuf field number; 0 when the type has no protobuf form. */
  number: number;
  patchStrategy: string[];
  mergeKey?: string;
  listType?: string;
  listMapKeys?: string[];
  /** atomic or granular, for maps and structs. */
  structType?: string;
  default?: unknown;
  goName?: string;
}

/** Describes what a value is. `name` of a struct is the unique type name. */
export type Ref =
  | { is: 'list'; of: Ref }
  | { is: 'map'; of: Ref }
  | { is: 'struct'; name: string }
  | { is: 'enum'; name: string }
  | { is: 'special'; name: Special }
  | { is: 'scalar'; name: Scalar };

/** Is the type of a value without parts. `bytes` is base64 in JSON. */
export type Scalar = 'string' | 'bool' | 'int32' | 'int64' | 'float64' | 'bytes';

/** Types whose JSON form is not that of their fields. */
export type Special = (typeof specials)[number];

const specials = [
  'Quantity',
  'IntOrString',
  'Time',
  'MicroTime',
  'Duration',
  'RawExtension',
  'FieldsV1',
  'JSON',
  'JSONSchemaPropsOrArray',
  'JSONSchemaPropsOrBool',
  'JSONSchemaPropsOrStringArray',
] as const;
const scalars = new Set(['string', 'bool', 'int32', 'int64', 'float64', 'bytes']);

/** Reads one field from a line of the schema facts. */
export function parseField(
  name: string,
  index: number,
  line: string,
  isEnum: (name: string) => boolean,
): Field {
  const [type = '', number, ...words] = line.split(' ');
  const value = (word: string): string | undefined =>
    words.find((w) => w.startsWith(`${word}=`))?.slice(word.length + 1);
  const [listType, listMapKeys] = value('list')?.split(':') ?? [];
  const fallback = value('default');
  return {
    name,
    index,
    ref: parseRef(type.replace(/^\*/, ''), isEnum),
    pointer: type.startsWith('*'),
    always: words.includes('always'),
    omitzero: words.includes('omitzero'),
    required: words.includes('required'),
    number: Number(number),
    patchStrategy: value('patch')?.split(',') ?? [],
    mergeKey: value('key'),
    listType,
    listMapKeys: listMapKeys?.split(','),
    structType: value('struct'),
    default: fallback === undefined ? undefined : JSON.parse(fallback),
    goName: value('go'),
  };
}

function parseRef(type: string, isEnum: (name: string) => boolean): Ref {
  if (type.startsWith('[]')) return { is: 'list', of: parseRef(type.slice(2), isEnum) };
  if (type.startsWith('map[string]')) return { is: 'map', of: parseRef(type.slice(11), isEnum) };
  if (type.startsWith('*')) return parseRef(type.slice(1), isEnum);
  if (scalars.has(type)) return { is: 'scalar', name: type as Scalar };
  if ((specials as readonly string[]).includes(type)) return { is: 'special', name: type as Special };
  return isEnum(type) ? { is: 'enum', name: type } : { is: 'struct', name: type };
}
