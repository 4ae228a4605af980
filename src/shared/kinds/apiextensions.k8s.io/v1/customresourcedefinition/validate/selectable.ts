import type { Cause } from '../../../../../errors/apiError.ts';
import { fieldPathOf } from '../../../../custom/rules/fieldPath.ts';
import type { Structural } from '../../../../custom/schema/structural.ts';
import type { SelectableField } from '../../../../schema/types.ts';
import { duplicate, invalidValue, required, tooMany } from '../../../../validation/causes.ts';

const most = 8;
/** The other way round than it is meant. */
const onlyWithSchema = 'may only be set when `version.schema.openAPIV3Schema` is not included';
const types = ['string', 'boolean', 'integer'];

/**
 * Returns what is wrong with selectable fields: each path has to lead to a string, a number or a boolean in the
 * schema.
 */
export function selectableCauses(
  fields: SelectableField[],
  schema: Structural | undefined,
  path: string,
): Cause[] {
  if (fields.length === 0) return [];
  const isShared = path.startsWith('spec.selectableFields');
  if (!schema)
    return [
      invalidValue(
        path,
        '',
        isShared ? 'may only be set when validations.schema is included' : onlyWithSchema,
      ),
    ];
  const seen = new Set<string>();
  const causes = fields.flatMap(({ jsonPath }, i) =>
    oneCauses(jsonPath, `${path}[${i}].jsonPath`, schema, seen),
  );
  if (seen.size > most) causes.push(tooMany(path, seen.size, most));
  return causes;
}

function oneCauses(jsonPath: string, field: string, schema: Structural, seen: Set<string>): Cause[] {
  if (!jsonPath) return [required(field)];
  const found = jsonPath.includes('[')
    ? { problem: 'array notation is not allowed' }
    : fieldPathOf(jsonPath, schema);
  if ('problem' in found) return [invalidValue(field, jsonPath, `is an invalid path: ${found.problem}`)];
  const causes: Cause[] = [];
  if (/^\.metadata(\.|$)/.test(jsonPath))
    causes.push(invalidValue(field, jsonPath, 'must not point to fields in metadata'));
  if (!types.includes(found.schema.type ?? ''))
    causes.push(
      invalidValue(
        field,
        jsonPath,
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
      ),
    );
  if (seen.has(jsonPath)) causes.push(duplicate(field, jsonPath));
  seen.add(jsonPath);
  return causes;
}
