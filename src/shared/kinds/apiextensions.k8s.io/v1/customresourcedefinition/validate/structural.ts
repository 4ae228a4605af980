/**
 * Says whether a schema is structural: every field that is validated anywhere is declared with its type outside of the
 * junctors, so that what is not declared can be pruned.
 */
import { step } from '../../../../../cel/values/steps.ts';
import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import {
  isEmbedded,
  itemsOf,
  preserves,
  type Structural,
  stepsOfSchema,
  valuesOf,
} from '../../../../custom/schema/structural.ts';
import { patternProblem } from '../../../../custom/validate/patterns.ts';
import { forbidden, invalidValue, required } from '../../../../validation/causes.ts';
import { isSame } from '../../../../validation/same.ts';

type Level = 'root' | 'item' | 'field';

/** Returns why a schema is not structural, sorted by field and message as a real server lists them. */
export function structuralCauses(schema: Structural, path: string): Cause[] {
  const causes: Cause[] = [];
  invariants(causes, schema, 'root', path);
  addAll(causes, completeness(schema, schema, path, path));
  // Thousands may be found, so that each is written once and not at each comparison.
  const written = causes.map((cause) => ({ cause, text: `${cause.field}: ${cause.message}` }));
  return written.sort((a, b) => (a.text < b.text ? -1 : 1)).map(({ cause }) => cause);
}

function invariants(causes: Cause[], schema: Structural, level: Level, path: string): void {
  step(stepsOfSchema);
  const { type = '', properties } = schema;
  const items = itemsOf(schema);
  const values = valuesOf(schema);
  if (type === 'array' && !items) causes.push(required(`${path}.items`, 'must be specified'));
  if (items) invariants(causes, items, 'item', `${path}.items`);
  for (const name in properties)
    invariants(causes, properties[name]!, 'field', `${path}.properties[${name}]`);
  if (values && level === 'root')
    causes.push(forbidden(`${path}.additionalProperties`, 'must not be used at the root'));
  if (values?.schema) invariants(causes, values.schema, 'field', `${path}.additionalProperties`);
  causes.push(...extensions(schema, path));
  causes.push(...junctors(schema, level, path, isEither(schema.anyOf), isEither(schema.allOf?.[0]?.anyOf)));
  causes.push(...typeCauses(schema, level, path));
  if (isEmbedded(schema) && values)
    causes.push(
      forbidden(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'),
    );
  if (level === 'root' && type && type !== 'object')
    causes.push(invalidValue(`${path}.type`, type, 'must be object at the root'));
  causes.push(...metaCauses(schema, level, path));
  if (isEmbedded(schema) && !preserves(schema) && Object.keys(properties ?? {}).length === 0)
    causes.push(
      required(
        `${path}.properties`,
        'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      ),
    );
}

const emptyType: Record<Level, string> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

function typeCauses(schema: Structural, level: Level, path: string): Cause[] {
  const { type = '' } = schema;
  if (isEmbedded(schema) && type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true';
    return [type ? invalidValue(`${path}.type`, type, why) : required(`${path}.type`, why)];
  }
  const needsNone = schema['x-kubernetes-int-or-string'] || preserves(schema);
  return type || needsNone ? [] : [required(`${path}.type`, emptyType[level])];
}

function extensions(schema: Structural, path: string): Cause[] {
  if (!schema['x-kubernetes-int-or-string']) return [];
  const why = 'must be false if x-kubernetes-int-or-string is true';
  return [
    ...(preserves(schema) ? [invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, true, why)] : []),
    ...(isEmbedded(schema) ? [invalidValue(`${path}.x-kubernetes-embedded-resource`, true, why)] : []),
  ];
}

/** What an object says of itself is declared already; its name may be restricted. */
function metaCauses(schema: Structural, level: Level, path: string): Cause[] {
  const { kind, apiVersion, metadata } = schema.properties ?? {};
  if (level !== 'root' && !isEmbedded(schema)) return [];
  const at = (name: string) => `${path}.properties[${name}]`;
  const causes: Cause[] = [];
  if (kind && kind.type !== 'string')
    causes.push(invalidValue(`${at('kind')}.type`, kind.type ?? '', 'must be string'));
  if (apiVersion && apiVersion.type !== 'string')
    causes.push(invalidValue(`${at('apiVersion')}.type`, apiVersion.type ?? '', 'must be string'));
  if (metadata && metadata.type !== 'object')
    causes.push(invalidValue(`${at('metadata')}.type`, metadata.type ?? '', 'must be object'));
  if (metadata && level === 'root' && saysMore(metadata))
    causes.push(
      forbidden(
        at('metadata'),
        'must not specify anything other than name and generateName, but metadata is implicitly specified',
      ),
    );
  return causes;
}

function saysMore({ type: _type, default: _default, properties = {}, ...rest }: Structural): boolean {
  const names = Object.keys(properties);
  return Object.keys(rest).length > 0 || names.some((name) => name !== 'name' && name !== 'generateName');
}

const either = [{ type: 'integer' }, { type: 'string' }];
/** Returns how int-or-string is written for those who do not know the extension. */
const isEither = (schemas: Structural[] | undefined) => isSame(schemas, either);

function junctors(
  schema: Structural,
  level: Level,
  path: string,
  skipAnyOf: boolean,
  skipFirst: boolean,
): Cause[] {
  const { anyOf = [], allOf = [], oneOf = [], not, pattern } = schema;
  const causes: Cause[] = [];
  const each = (name: string, schemas: Structural[], isSkipped = false) =>
    schemas.flatMap((inner, i) => nested(inner, level, `${path}.${name}[${i}]`, isSkipped && i === 0));
  if (!skipAnyOf) causes.push(...each('anyOf', anyOf));
  causes.push(...each('allOf', allOf, skipFirst), ...each('oneOf', oneOf));
  if (not) causes.push(...nested(not, level, `${path}.not`));
  const problem = pattern ? patternProblem(pattern) : undefined;
  if (problem)
    causes.push(
      invalidValue(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${problem}`),
    );
  return causes;
}

const nestedRules: [keyof Structural, string][] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

/** Below a junctor stand value validations alone. */
function nested(schema: Structural, level: Level, path: string, skipAnyOf = false): Cause[] {
  const items = itemsOf(schema);
  const causes = junctors(schema, level, path, skipAnyOf, false);
  if (items) causes.push(...nested(items, level, `${path}.items`));
  for (const name in schema.properties)
    causes.push(...nested(schema.properties[name]!, 'field', `${path}.properties[${name}]`));
  for (const [field, why] of nestedRules) {
    const value = schema[field];
    const isSet = Array.isArray(value)
      ? value.length > 0
      : field === 'additionalProperties'
        ? value !== undefined
        : !!value || (field === 'default' && value !== undefined);
    if (isSet) causes.push(forbidden(`${path}.${field}`, why));
  }
  if (schema.properties?.metadata)
    causes.push(forbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context'));
  return causes;
}

/** @param schema what validates, at `path`; @param declared what stands in its place outside of the junctors. */
function completeness(
  schema: Structural,
  declared: Structural | undefined,
  at: string,
  path: string,
): Cause[] {
  const { not, allOf = [], anyOf = [], oneOf = [] } = schema;
  const inner: [Structural, string][] = [
    ...(not ? [[not, `${path}.not`] as [Structural, string]] : []),
    ...allOf.map((each, i): [Structural, string] => [each, `${path}.allOf[${i}]`]),
    ...anyOf.map((each, i): [Structural, string] => [each, `${path}.anyOf[${i}]`]),
    ...oneOf.map((each, i): [Structural, string] => [each, `${path}.oneOf[${i}]`]),
  ];
  return inner.flatMap(([each, under]) => nestedCompleteness(each, declared, at, under));
}

function nestedCompleteness(
  schema: Structural,
  declared: Structural | undefined,
  at: string,
  path: string,
): Cause[] {
  if (!declared) return [required(at, `because it is defined in ${path}`)];
  const causes = completeness(schema, declared, at, path);
  const items = itemsOf(schema);
  if (items) causes.push(...nestedCompleteness(items, itemsOf(declared), `${at}.items`, `${path}.items`));
  for (const name in schema.properties) {
    const part = `properties[${name}]`;
    const found = declared.properties?.[name];
    causes.push(...nestedCompleteness(schema.properties[name]!, found, `${at}.${part}`, `${path}.${part}`));
  }
  return causes;
}
