import { indented, wrapped } from './words.ts';

/** A schema of OpenAPI v3, as far as it is shown. */
export interface Schema {
  $ref?: string;
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  allOf?: Schema[];
  enum?: unknown[];
  'x-kubernetes-group-version-kind'?: Kind[];
}

export interface Kind {
  group: string;
  version: string;
  kind: string;
}

/** What a server answers for one group and version. */
export interface Document {
  paths: Record<string, Record<string, { 'x-kubernetes-group-version-kind'?: Kind }>>;
  components: { schemas: Record<string, Schema> };
}

/** Is a schema with the references that led to it. */
interface Place {
  document: Document;
  seen: ReadonlySet<string>;
}

/** What stands above every page. */
export const headOf = ({ group, version, kind }: Kind): string =>
  [...(group ? [`GROUP:      ${group}`] : []), `KIND:       ${kind}`, `VERSION:    ${version}`, ''].join(
    '\n',
  );

/** The page of kubectl explain for a kind, or for a field of it. Throws in kubectl's words. */
export function explained(document: Document, kind: Kind, fields: string[], isRecursive: boolean): string {
  const { group, version } = kind;
  const schema = Object.values(document.components.schemas).find((each) =>
    each['x-kubernetes-group-version-kind']?.some(
      (one) => one.group === group && one.version === version && one.kind === kind.kind,
    ),
  );
  if (!schema)
    throw new Error(
      `GVK map[group:${group} kind:${kind.kind} version:${version}] not found in OpenAPI schema`,
    );
  const page = pageOf(schema, { document, seen: new Set() }, fields, isRecursive);
  if (!page) throw new Error(`field ${JSON.stringify(fields.at(-1))} does not exist`);
  return page;
}

function pageOf(schema: Schema, place: Place, fields: string[], isRecursive: boolean): string {
  const { resolved, isCycle, next } = follow(schema, place);
  if (!fields.length) {
    const list = fieldList(resolved, { ...place, seen: new Set() }, 1, isRecursive);
    const description = descriptionOf(resolved, place.document) || '<empty>';
    return `DESCRIPTION:\n${indented(4, wrapped(76, description))}\n${list && `FIELDS:\n${list}`}`;
  }
  if (isCycle) return '';
  const [first = '', ...rest] = fields;
  const field = propertyOf(resolved, first);
  if (field) {
    const type = typeOf(field, place.document);
    const title = rest.length ? '' : `FIELD: ${first} <${type}>\n${enumLong(field)}\n\n`;
    const page = pageOf(field, { ...place, seen: new Set() }, rest, isRecursive);
    return page && `${title}${page}`;
  }
  const inner = resolved.items ?? valuesOf(resolved);
  if (inner) return pageOf(inner, next, fields, isRecursive);
  for (const part of resolved.allOf ?? []) {
    const page = pageOf(part, next, fields, isRecursive);
    if (page) return page;
  }
  return '';
}

const propertyOf = ({ properties = {} }: Schema, name: string): Schema | undefined =>
  Object.hasOwn(properties, name) ? properties[name] : undefined;

const valuesOf = ({ additionalProperties }: Schema): Schema | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined;

function follow(schema: Schema, place: Place) {
  const { $ref = '' } = schema;
  const resolved = resolve($ref, place.document) ?? schema;
  return {
    resolved,
    isCycle: Boolean($ref) && place.seen.has($ref),
    next: { ...place, seen: new Set([...place.seen, $ref]) },
  };
}

const resolve = (ref: string, { components }: Document): Schema | undefined =>
  ref ? components.schemas[ref.split('/').at(-1)!] : undefined;

function fieldList(schema: Schema, place: Place, level: number, isRecursive: boolean): string {
  const { resolved, isCycle, next } = follow(schema, place);
  if (isCycle) return '';
  const names = Object.keys(resolved.properties ?? {}).sort();
  const own = names.map(
    (name) =>
      fieldText(resolved, name, place.document, level, isRecursive) +
      (isRecursive ? fieldList(resolved.properties![name]!, next, level + 1, true) : ''),
  );
  const parts = [...(resolved.allOf ?? []), ...(resolved.items ? [resolved.items] : [])];
  const values = valuesOf(resolved);
  if (values) parts.push(values);
  return [...own, ...parts.map((part) => fieldList(part, next, level, isRecursive))].join('');
}

function fieldText(
  schema: Schema,
  name: string,
  document: Document,
  level: number,
  isShort: boolean,
): string {
  const field = schema.properties![name]!;
  const pad = level * 2;
  const required = schema.required?.includes(name) ? ' -required-' : '';
  const line = `${indented(pad, name)}\t<${typeOf(field, document)}>${required}${enumShort(field, pad)}\n`;
  if (isShort) return line;
  const description = wrapped(78 - pad, field.description || '<no description>');
  return `${line}${indented(pad + 2, description)}\n\n`;
}

function descriptionOf(schema: Schema, document: Document): string {
  const resolved = resolve(schema.$ref ?? '', document) ?? schema;
  const { description, allOf = [], items } = resolved;
  const values = valuesOf(resolved);
  const parts = [...allOf, ...(items ? [items] : []), ...(values ? [values] : [])];
  return `${description ? `${description}\n` : ''}${parts.map((part) => descriptionOf(part, document)).join('')}`;
}

/** `string`, `[]Container`, `map[string]string`. */
function typeOf(schema: Schema, document: Document): string {
  const { items, allOf, properties, $ref, type } = schema;
  if (items) return `[]${typeOf(items, document)}`;
  const values = valuesOf(schema);
  if (values) return `map[string]${typeOf(values, document)}`;
  if (allOf?.length === 1 && !properties) return typeOf(allOf[0]!, document);
  if (!$ref) return !type || type === 'object' ? 'Object' : type;
  const resolved = resolve($ref, document);
  if (resolved?.type && resolved.type !== 'object') return resolved.type;
  return $ref.split('/').at(-1)!.split('.').at(-1) || 'Object';
}

const shown = (value: unknown): string => (value === '' ? '""' : String(value));

const enumLong = (schema: Schema): string =>
  schema.enum?.length ? `ENUM:${schema.enum.map((value) => `\n    ${shown(value)}`).join('')}` : '';

const mostShown = 4;

function enumShort(schema: Schema, pad: number): string {
  const values = schema.enum ?? [];
  if (!values.length) return '';
  const more = values.length > mostShown ? ', ....' : '';
  return `\n${' '.repeat(pad)}enum: ${values.slice(0, mostShown).map(shown).join(', ')}${more}`;
}
