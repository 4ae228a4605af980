/** Says which words of OpenAPI a schema may use, and how the extensions fit together. */
import type { Cause } from '../../../../../errors/apiError.ts';
import { ruleFormCauses } from '../../../../custom/rules/form.ts';
import { isMetaField, type Structural } from '../../../../custom/schema/structural.ts';
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
export function openapiCauses(schema: Structural, path: string, place: Place = { isRoot: true }): Cause[] {
  return [
    ...wordCauses(schema, path, place),
    ...(schema.uniqueItems
      ? [
          forbidden(
            `${path}.uniqueItems`,
            'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
          ),
        ]
      : []),
    ...mapCauses(schema, path, place),
    ...propertyCauses(schema, path, place),
    ...junctorCauses(schema, path, { ...place, isRoot: false }),
    ...itemCauses(schema, path, { ...place, isRoot: false }),
    ...extensionCauses(schema, path),
    ...listTypeCauses(schema, path),
    ...ruleFormCauses(schema, path),
  ];
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

function wordCauses(schema: Structural, path: string, { noDefaults, inMeta }: Place): Cause[] {
  const causes: Cause[] = [];
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
  return causes;
}

function mapCauses(
  { additionalProperties: values, properties }: Structural,
  path: string,
  place: Place,
): Cause[] {
  if (values === undefined) return [];
  const field = `${path}.additionalProperties`;
  const hasBoth = Object.keys(properties ?? {}).length > 0 && values !== true;
  const causes = hasBoth
    ? [forbidden(field, 'additionalProperties and properties are mutual exclusive')]
    : [];
  if (typeof values === 'boolean') return causes;
  const under: Place = {
    ...place,
    isRoot: false,
    ...(place.inMeta && { noDefaults: 'inside additionalProperties applying to object metadata' }),
  };
  return [...causes, ...openapiCauses(values, field, under)];
}

function propertyCauses(schema: Structural, path: string, place: Place): Cause[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const isMeta = (place.isRoot || schema['x-kubernetes-embedded-resource']) && isMetaField(name);
    return openapiCauses(part, `${path}.properties[${name}]`, {
      ...place,
      isRoot: false,
      ...(isMeta && { inMeta: true }),
      ...(isMeta && place.isRoot && { noDefaults: `in top-level ${name}` }),
    });
  });
}

const junctorCauses = (
  { not, allOf = [], oneOf = [], anyOf = [] }: Structural,
  path: string,
  place: Place,
): Cause[] => [
  ...(not ? openapiCauses(not, `${path}.not`, place) : []),
  ...allOf.flatMap((each, i) => openapiCauses(each, `${path}.allOf[${i}]`, place)),
  ...oneOf.flatMap((each, i) => openapiCauses(each, `${path}.oneOf[${i}]`, place)),
  ...anyOf.flatMap((each, i) => openapiCauses(each, `${path}.anyOf[${i}]`, place)),
];

function itemCauses({ items }: Structural, path: string, place: Place): Cause[] {
  if (!items) return [];
  return Array.isArray(items)
    ? items.flatMap((each, i) => openapiCauses(each, `${path}.items[${i}]`, place))
    : openapiCauses(items, `${path}.items`, place);
}

function extensionCauses(schema: Structural, path: string): Cause[] {
  const causes: Cause[] = [];
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
  return causes;
}
