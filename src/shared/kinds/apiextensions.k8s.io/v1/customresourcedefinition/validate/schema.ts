import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { ruleCauses } from '../../../../custom/rules/definition.ts';
import type { JSONSchemaProps } from '../../../../schema/types.ts';
import { forbidden, invalidValue } from '../../../../validation/causes.ts';
import { isSame } from '../../../../validation/same.ts';
import { isConvertible } from './convertible.ts';
import { defaultCauses } from './defaults.ts';
import { openapiCauses } from './openapi.ts';
import { structuralCauses } from './structural.ts';

/** @param old the schema that was there before: it was valid. */
export function schemaCauses(
  schema: JSONSchemaProps | undefined,
  path: string,
  hasStatus: boolean,
  old: JSONSchemaProps | undefined,
): Cause[] {
  if (!schema || (old && isSame(schema, old))) return [];
  const causes = hasStatus ? rootCauses(schema, path) : [];
  if (schema.nullable) causes.push(forbidden(`${path}.nullable`, 'nullable cannot be true at the root'));
  const shape = shapeCauses(schema, path);
  const words = openapiCauses(schema, path);
  addAll(causes, shape ?? [], words);
  // Expressions are compiled against the types of a schema that is structural.
  return shape?.length === 0 ? [...causes, ...ruleCauses(schema, path, words)] : causes;
}

/** Answers undefined for a schema of which no structural one can be made; the words in it say why. */
function shapeCauses(schema: JSONSchemaProps, path: string): Cause[] | undefined {
  if (!isConvertible(schema)) return undefined;
  const structural = structuralCauses(schema, path);
  return structural.length ? structural : defaultCauses(schema, path);
}

/** With a status of its own, the schema of the status is a property and has to be all there is of it. */
const atRoot = [
  'Description',
  'Type',
  'Format',
  'Title',
  'Maximum',
  'ExclusiveMaximum',
  'Minimum',
  'ExclusiveMinimum',
  'MaxLength',
  'MinLength',
  'Pattern',
  'MaxItems',
  'MinItems',
  'UniqueItems',
  'MultipleOf',
  'Required',
  'Items',
  'Properties',
  'ExternalDocs',
  'Example',
  'XPreserveUnknownFields',
  'XValidations',
];

function rootCauses(schema: JSONSchemaProps, path: string): Cause[] {
  if (schema.type !== 'object')
    return [
      invalidValue(
        `${path}.type`,
        schema.type ?? '',
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
      ),
    ];
  const strange = Object.keys(schema).some((key) => !atRoot.includes(goName(key)));
  return strange
    ? [
        invalidValue(
          path,
          schema,
          `only [${atRoot.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`,
        ),
      ]
    : [];
}

/** `x-kubernetes-list-type` is `XListType` in Go. */
const goName = (key: string): string =>
  key
    .replace(/^x-kubernetes/, 'x')
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
