/** Defaults are valid values of their place, with nothing in them that would be pruned. */
import type { Cause } from '../../../../../errors/apiError.ts';
import { decodeCustom, prunedValue } from '../../../../custom/schema/decode.ts';
import { isEmbedded, isMetaField, itemsOf, type Structural } from '../../../../custom/schema/structural.ts';
import { deepEqual } from '../../../../custom/validate/correlation.ts';
import { embeddedCauses } from '../../../../custom/validate/embedded.ts';
import { validateAt } from '../../../../custom/validate/schema.ts';
import { DecodeError } from '../../../../schema/decode-error.ts';
import { invalidValue } from '../../../../validation/causes.ts';

/** Returns what is wrong with the defaults of a schema and of all in it. Those in maps are refused elsewhere. */
export function defaultCauses(schema: Structural, path: string, isRoot = true, inMeta = false): Cause[] {
  const causes = schema.default === undefined ? [] : ownCauses(schema, `${path}.default`, inMeta);
  const items = itemsOf(schema);
  if (items) causes.push(...defaultCauses(items, `${path}.items`, false, inMeta));
  for (const name in schema.properties) {
    const isMeta = (isRoot || isEmbedded(schema)) && isMetaField(name);
    causes.push(
      ...defaultCauses(schema.properties[name]!, `${path}.properties[${name}]`, false, inMeta || isMeta),
    );
  }
  return causes;
}

function ownCauses(schema: Structural, path: string, inMeta: boolean): Cause[] {
  const value = schema.default;
  const causes: Cause[] = [];
  if (!inMeta) {
    const problem = pruningProblem(value, schema);
    if (problem) causes.push(invalidValue(path, value, problem));
  }
  const embedded = isEmbedded(schema) ? embeddedCauses(value, schema, path) : [];
  if (embedded.length) return [...causes, ...embedded];
  return [
    ...causes,
    ...validateAt('', value, schema).findings.map(({ cause }) => ({
      ...cause,
      field: cause.field === '<nil>' ? path : `${path}.${cause.field}`,
    })),
  ];
}

function pruningProblem(value: unknown, schema: Structural): string | undefined {
  try {
    const pruned = isEmbedded(schema) ? withoutMeta(decodeCustom(value, schema)) : prunedValue(value, schema);
    const given = isEmbedded(schema) ? withoutMeta(value as object) : value;
    return deepEqual(pruned, given) ? undefined : 'must not have unknown fields';
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

const withoutMeta = (object: object) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !isMetaField(name)));
