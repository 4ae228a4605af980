import { inMoment } from '../../../cel/values/steps.ts';
import type { Cause } from '../../../errors/apiError.ts';
import type { AnyObject } from '../../../meta/object.ts';
import type { Soon } from '../../../meta/soon.ts';
import type { Judge, JudgeTask } from '../../schema/objectSchema.ts';
import { invalidValue } from '../../validation/causes.ts';
import { type SchemaRules, schemaRules } from '../rules/validator.ts';
import type { Structural } from '../schema/structural.ts';
import { Correlation } from './correlation.ts';
import { embeddedCauses } from './embedded.ts';
import { listTypeCauses } from './listTypes.ts';
import { validateAt } from './schema.ts';

/** The findings of `schemaCauses`, with `judge` asked where patterns and rules take longer than a moment. */
export function schemaCausesSoon(
  object: AnyObject,
  old: AnyObject | undefined,
  schema: Structural,
  part: 'main' | 'status',
  rules: SchemaRules | undefined,
  judge: Judge,
): Soon<Cause[]> {
  return inMoment<Soon<Cause[]>>(
    () => schemaCauses(object, old, schema, part, rules),
    () => judge({ schema, object, old, part }),
  );
}

/** What a Judge does with its task, however long it takes. */
export const judged = ({ schema, object, old, part }: JudgeTask): Cause[] =>
  schemaCauses(object, old, schema, part, schemaRules(schema));

/** Everything that a schema says against an object, in the order in which a real server looks. */
export function schemaCauses(
  object: AnyObject,
  old: AnyObject | undefined,
  schema: Structural,
  part: 'main' | 'status',
  rules: SchemaRules | undefined,
): Cause[] {
  const correlation = old && new Correlation(object, old, schema);
  const causes =
    part === 'status' ? statusCauses(object, schema, correlation) : ownCauses(object, schema, correlation);
  causes.push(...embeddedCauses(object, schema));
  if (!old || listTypeCauses(old, schema).length === 0) causes.push(...listTypeCauses(object, schema));
  if (!rules) return causes;
  if (causes.some(({ reason }) => reason !== undefined && blocking.includes(reason)))
    return [...causes, unchecked];
  return [...causes, ...rules.check(object, old, correlation).causes];
}

const ownCauses = (object: AnyObject, schema: Structural, old: Correlation | undefined): Cause[] =>
  validateAt('', object, schema, old).findings.map(({ cause }) => cause);

function statusCauses(object: AnyObject, schema: Structural, old: Correlation | undefined): Cause[] {
  const status = schema.properties?.status;
  if (!status || object.status === undefined) return [];
  // A real server validates it by itself, and names the fields as they are in it.
  return validateAt('', object.status, status, old?.key('status')).findings.map(({ cause }) => ({
    ...cause,
    field: cause.field === '<nil>' ? 'status' : `status.${cause.field}`,
  }));
}

/** After these nobody can say what a rule would see. */
const blocking = [
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
];

const unchecked: Cause = invalidValue(
  '<nil>',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);
