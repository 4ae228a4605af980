/** Turns parsed Go packages into facts: types under one unique name each, fields as one line of text each. */
import type { GoField, GoFile } from './go-source.ts';
import type { SourcePackage } from './sources.ts';

export interface PackageFacts {
  group: string;
  version: string;
  model: string;
  /** Unique name → Go name, where they differ. */
  renamed: Record<string, string>;
  /** Unique name → field lines; see src/shared/kinds/schema/field.ts for the grammar. */
  types: Record<string, Record<string, string>>;
  enums: Record<string, string[]>;
}

export interface ParsedPackage {
  source: SourcePackage;
  files: GoFile[];
}

/** Types whose JSON form is not their struct; the schema code knows each of them. */
const special: Record<string, string> = {
  'k8s.io/apimachinery/pkg/api/resource.Quantity': 'Quantity',
  'k8s.io/apimachinery/pkg/util/intstr.IntOrString': 'IntOrString',
  'k8s.io/apimachinery/pkg/runtime.RawExtension': 'RawExtension',
  'k8s.io/apimachinery/pkg/runtime.Object': 'RawExtension',
  'k8s.io/apimachinery/pkg/types.UID': 'string',
  'k8s.io/apimachinery/pkg/types.NodeName': 'string',
};
const metaSpecial = ['Time', 'MicroTime', 'Duration', 'FieldsV1'];
const jsonSpecial = [
  'JSON',
  'JSONSchemaPropsOrArray',
  'JSONSchemaPropsOrBool',
  'JSONSchemaPropsOrStringArray',
];
const specialStructs = new Set([...metaSpecial, ...jsonSpecial]);
const scalars = new Set(['string', 'bool', 'int32', 'int64', 'float64', 'int']);

export function resolve(parsed: ParsedPackage[]): PackageFacts[] {
  const uniqueNames = chooseNames(parsed);
  return parsed.map((pkg) => packageFacts(pkg, parsed, uniqueNames));
}

const idOf = (source: SourcePackage, name: string): string => `${source.module}/${source.folder}.${name}`;

/** Struct and enum names must be unique over all packages; the later one gets its group and version in front. */
function chooseNames(parsed: ParsedPackage[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { source, files } of parsed) {
    for (const name of files.flatMap((f) => [...f.structs.keys(), ...f.named.keys()])) {
      const unique = taken.has(name) ? prefixOf(source) + name : name;
      taken.add(unique);
      names.set(idOf(source, name), unique);
    }
  }
  return names;
}

function prefixOf(source: SourcePackage): string {
  const folder = source.folder.split('/').at(-2)!;
  const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);
  return capital(folder) + capital(source.version);
}

function packageFacts(pkg: ParsedPackage, all: ParsedPackage[], names: Map<string, string>): PackageFacts {
  const { source, files } = pkg;
  const facts: PackageFacts = {
    group: source.group,
    version: source.version,
    model: source.model,
    renamed: {},
    types: {},
    enums: {},
  };
  const register = (goName: string): string => {
    const unique = names.get(idOf(source, goName))!;
    if (unique !== goName) facts.renamed[unique] = goName;
    return unique;
  };
  for (const file of files) {
    for (const [goName, struct] of file.structs) {
      if (specialStructs.has(goName) || goName === 'TypeMeta' || goName.startsWith('Internal')) continue;
      const lines: Record<string, string> = {};
      const traits = [];
      if (struct.fields.some((f) => f.name === undefined && /(^|\.)TypeMeta$/.test(f.type)))
        traits.push('kind');
      if (struct.markers.get('structType')?.[0] === 'atomic') traits.push('atomic');
      if (traits.length > 0) lines[''] = traits.join(' ');
      for (const field of struct.fields) {
        const line = fieldLine(field, { file, source }, all, names);
        if (line) lines[line[0]] = line[1];
      }
      facts.types[register(goName)] = lines;
    }
    for (const [goName, named] of file.named) {
      if (named.type === 'string' && named.markers.has('enum')) {
        facts.enums[register(goName)] = enumValues(goName, file, all);
      } else if (isMessageList(named.type, named.markers)) {
        facts.types[register(goName)] = { '': 'list', items: '[]string 1' };
      } else if (goName === 'List') {
        facts.types[register(goName)] = {
          '': 'kind',
          metadata: 'ListMeta 1',
          items: '[]RawExtension 2 required always',
        };
      }
    }
  }
  return facts;
}

/** The Go name that error messages show for a named string or number, such as types.UID. */
function goScalarName(type: string, scope: Scope, fact: string): string | undefined {
  const name = type.replace(/^\*/, '');
  if (/[[\]]/.test(name) || scalars.has(name) || !scalars.has(fact.replace(/^\*/, ''))) return undefined;
  const alias = name.includes('.') ? scope.file.imports.get(name.split('.')[0]!) : undefined;
  const owner = alias ? alias.slice(alias.lastIndexOf('/') + 1) : scope.source.version;
  return `${owner}.${name.split('.').at(-1)}`;
}

function enumValues(goName: string, file: GoFile, all: ParsedPackage[]): string[] {
  const constants = all.flatMap((p) => p.files.flatMap((f) => f.constants));
  const literal = (value: string): string =>
    value.startsWith('"')
      ? (JSON.parse(value) as string)
      : literal(constants.find((c) => c.name === value)!.value);
  const values = file.constants.filter((c) => c.type === goName).map((c) => literal(c.value));
  return [...new Set(values)].sort();
}

/** A named slice that protobuf wraps in a message of its own (ExtraValue, Verbs). */
const isMessageList = (type: string, markers: Map<string, string[]>): boolean =>
  type === '[]string' && markers.has('protobuf.nullable');

interface Scope {
  file: GoFile;
  source: SourcePackage;
}

function fieldLine(field: GoField, scope: Scope, all: ParsedPackage[], names: Map<string, string>) {
  if (field.type.endsWith('TypeMeta')) return undefined;
  const [jsonName, ...jsonOptions] = (field.tags.json ?? '').split(',');
  if (jsonName === '-' || field.tags.json === undefined) return undefined;
  const number = field.tags.protobuf?.split(',')[1] ?? '0';
  const type = factType(field.type, scope, all, names);
  if (jsonName === '') return [`+${field.name ?? type}`, `${type} ${number}`] as const;

  const words = [type, number];
  const scalar = goScalarName(field.type, scope, type);
  if (scalar) words.push(`go=${scalar}`);
  const omitempty = jsonOptions.includes('omitempty');
  if (!omitempty) words.push('always');
  if (jsonOptions.includes('omitzero')) words.push('omitzero');
  if (!omitempty && !field.markers.has('optional')) words.push('required');
  if (field.tags.patchStrategy) words.push(`patch=${field.tags.patchStrategy}`);
  if (field.tags.patchMergeKey) words.push(`key=${field.tags.patchMergeKey}`);
  const listType = field.markers.get('listType')?.[0];
  const listMapKeys = field.markers.get('listMapKey')?.join(',');
  if (listType) words.push(`list=${listType}${listMapKeys ? `:${listMapKeys}` : ''}`);
  const structType = field.markers.get('structType')?.[0] ?? field.markers.get('mapType')?.[0];
  if (structType) words.push(`struct=${structType}`);
  const fallback = field.markers.get('default')?.[0];
  if (fallback) words.push(`default=${defaultValue(fallback, scope)}`);
  return [jsonName!, words.join(' ')] as const;
}

function defaultValue(text: string, scope: Scope): string {
  const reference = /^ref\(([\w./]+)\)$/.exec(text)?.[1];
  if (!reference) return text;
  const constant = scope.file.constants.find((c) => c.name === reference);
  if (!constant) throw new Error(`unknown default ${text}`);
  return constant.value;
}

/** The field type in facts: Go syntax over scalars, enums, specials and unique names. */
function factType(type: string, scope: Scope, all: ParsedPackage[], names: Map<string, string>): string {
  const inner = (text: string) => factType(text, scope, all, names);
  if (type.startsWith('*')) return `*${inner(type.slice(1))}`.replace(/^\*(?=\[\]|map)/, '');
  if (type === '[]byte') return 'bytes';
  if (type.startsWith('[]')) return `[]${inner(type.slice(2))}`;
  const map = /^map\[([\w.]+)\](.*)$/.exec(type);
  if (map) return `map[string]${inner(map[2]!)}`;
  if (scalars.has(type)) return type;
  if (type === 'interface{}') return 'JSON';
  return namedType(type, scope, all, names);
}

function namedType(type: string, scope: Scope, all: ParsedPackage[], names: Map<string, string>): string {
  const [alias, selected] = type.includes('.') ? type.split('.') : [undefined, type];
  const path = alias ? scope.file.imports.get(alias) : `${scope.source.module}/${scope.source.folder}`;
  if (!path) throw new Error(`unknown import of ${type}`);
  const name = selected!;
  const known = special[`${path}.${name}`];
  if (known) return known;
  if (path.endsWith('/meta/v1') && metaSpecial.includes(name)) return name;
  if (path.endsWith('/apiextensions/v1') && jsonSpecial.includes(name)) return name;

  const target = all.find((p) => `${p.source.module}/${p.source.folder}` === path);
  const file = target?.files.find((f) => f.structs.has(name) || f.named.has(name));
  if (!target || !file) throw new Error(`unknown type ${path}.${name}`);
  if (file.structs.has(name)) return names.get(`${path}.${name}`)!;
  const named = file.named.get(name)!;
  if ((named.type === 'string' && named.markers.has('enum')) || isMessageList(named.type, named.markers)) {
    return names.get(`${path}.${name}`)!;
  }
  return factType(named.type, { file, source: target.source }, all, names);
}
