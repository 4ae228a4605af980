/** Says which words of OpenAPI a schema may use, and how the extensions fit together. */
import { step } from '../../../../../cel/values/steps.ts';
import type { Cause } from '../../../../../errors/apiError.ts';
import { ruleFormCauses } from '../../../../custom/rules/form.ts';
import { isMetaField, type Structural, stepsOfSchema } from '../../../../custom/schema/structural.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../../validation/causes.ts';
import { listTypeCauses } from './listTypes.ts';

/** Describes what holds at a place because of where it is. */
interface Place {
  isRoot: boolean;
  /** Says why no default may stand here. */
  noDefaults?: string;
  inMeta?: boolean;
}

/** Returns what is wrong with a schema and with all schemas in it; values are not looked at, only what is declared. */
export function openapiCauses(schema: Structural, path: string): Cause[] {
  const causes: Cause[] = [];
  visit(causes, schema, path, { isRoot: true });
  return causes;
}

/** Adds to `causes` what is wrong with a schema, and with all in it: a definition has thousands of them, most of them fine. */
function visit(causes: Cause[], schema: Structural, path: string, place: Place): void {
  step(stepsOfSchema);
  wordCauses(causes, schema, path, place);
  if (schema.uniqueItems)
    causes.push(
      forbidden(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  const within = place.isRoot ? { ...place, isRoot: false } : place;
  visitValues(causes, schema, path, within);
  visitProperties(causes, schema, path, place, within);
  visitJunctors(causes, schema, path, within);
  visitItems(causes, schema, path, within);
  extensionCauses(causes, schema, path);
  if (schema['x-kubernetes-list-type'] !== undefined || schema['x-kubernetes-list-map-keys'])
    causes.push(...listTypeCauses(schema, path));
  if (schema['x-kubernetes-validations']) causes.push(...ruleFormCauses(schema, path));
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const unsupported = [
  ['id', 'id'],
  ['additionalItems', 'additionalItems'],
  ['patternProperties', 'patternProperties'],
  ['definitions', 'definitions'],
  ['dependencies', 'dependencies'],
  ['$ref', '$ref'],
] as const;

function wordCauses(causes: Cause[], schema: Structural, path: string, { noDefaults, inMeta }: Place): void {
  if (schema.type && !types.includes(schema.type))
    causes.push(notSupported(`${path}.type`, schema.type, types));
  if (schema.default !== undefined && noDefaults)
    causes.push(forbidden(`${path}.default`, `must not be set ${noDefaults}`));
  for (const [field, name] of unsupported)
    if (schema[field] !== undefined) causes.push(forbidden(`${path}.${field}`, `${name} is not supported`));
  if (schema.type === 'null')
    causes.push(forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'));
  if (Array.isArray(schema.items))
    causes.push(forbidden(`${path}.items`, 'items must be a schema object and not an array'));
  if (inMeta && schema['x-kubernetes-embedded-resource'])
    causes.push(
      forbidden(`${path}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta'),
    );
}

function visitValues(
  causes: Cause[],
  { additionalProperties: values, properties }: Structural,
  path: string,
  place: Place,
): void {
  if (values === undefined) return;
  const field = `${path}.additionalProperties`;
  if (Object.keys(properties ?? {}).length > 0 && values !== true)
    causes.push(forbidden(field, 'additionalProperties and properties are mutual exclusive'));
  if (typeof values === 'boolean') return;
  const noDefaults = 'inside additionalProperties applying to object metadata';
  visit(causes, values, field, place.inMeta ? { ...place, noDefaults } : place);
}

function visitProperties(
  causes: Cause[],
  schema: Structural,
  path: string,
  { isRoot }: Place,
  within: Place,
): void {
  const { properties } = schema;
  const holdsMeta = isRoot || schema['x-kubernetes-embedded-resource'];
  for (const name in properties) {
    const isMeta = holdsMeta && isMetaField(name);
    const noDefaults = isMeta && isRoot && { noDefaults: `in top-level ${name}` };
    const place = isMeta ? { ...within, inMeta: true, ...noDefaults } : within;
    visit(causes, properties[name]!, `${path}.properties[${name}]`, place);
  }
}

function visitJunctors(causes: Cause[], schema: Structural, path: string, place: Place): void {
  if (schema.not) visit(causes, schema.not, `${path}.not`, place);
  for (const junctor of ['allOf', 'oneOf', 'anyOf'] as const)
    schema[junctor]?.forEach((each, i) => {
      visit(causes, each, `${path}.${junctor}[${i}]`, place);
    });
}

function visitItems(causes: Cause[], { items }: Structural, path: string, place: Place): void {
  if (!items) return;
  if (!Array.isArray(items)) visit(causes, items, `${path}.items`, place);
  else
    items.forEach((each, i) => {
      visit(causes, each, `${path}.items[${i}]`, place);
    });
}

function extensionCauses(causes: Cause[], schema: Structural, path: string): void {
  const mapType = schema['x-kubernetes-map-type'];
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    causes.push(
      invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'),
    );
  if (mapType !== undefined && schema.type !== 'object') {
    const why = 'must be object if x-kubernetes-map-type is specified';
    causes.push(schema.type ? invalidValue(`${path}.type`, schema.type, why) : required(`${path}.type`, why));
  }
  if (mapType !== undefined && mapType !== 'atomic' && mapType !== 'granular')
    causes.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular']));
}
