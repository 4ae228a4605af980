/** What `x-kubernetes-validations` look like; whether their expressions compile is another matter. */
import type { Cause } from '../../../../../errors/apiError.ts';
import type { Structural } from '../../../../custom/schema/structural.ts';
import type { ValidationRule } from '../../../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../../../validation/causes.ts';
import { followPath } from './fieldPath.ts';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

export const ruleCauses = (schema: Structural, path: string): Cause[] =>
  (schema['x-kubernetes-validations'] ?? []).flatMap((rule, i) =>
    oneCauses(rule, schema, `${path}.x-kubernetes-validations[${i}]`),
  );

const hasNewlines = (text: string) => /[\n\r]/.test(text);

function oneCauses(validation: ValidationRule, schema: Structural, path: string): Cause[] {
  const { rule = '', message = '', messageExpression = '', reason, fieldPath = '' } = validation;
  const causes: Cause[] = [];
  const at = (field: string) => `${path}.${field}`;
  if (!rule.trim()) causes.push(required(at('rule'), 'rule is not specified'));
  else if (message && !message.trim())
    causes.push(invalidValue(at('message'), message, 'must be non-empty if specified'));
  else if (hasNewlines(message.trim()))
    causes.push(invalidValue(at('message'), message, 'must not contain line breaks'));
  else if (hasNewlines(rule.trim()) && !message.trim())
    causes.push(required(at('message'), 'message must be specified if rule contains line breaks'));
  if (messageExpression && !messageExpression.trim())
    causes.push(required(at('messageExpression'), 'messageExpression must be non-empty if specified'));
  if (reason !== undefined && !reasons.includes(reason))
    causes.push(notSupported(at('reason'), reason, reasons));
  if (fieldPath && !fieldPath.trim())
    causes.push(invalidValue(at('fieldPath'), fieldPath, 'must be non-empty if specified'));
  if (hasNewlines(fieldPath))
    causes.push(invalidValue(at('fieldPath'), fieldPath, 'must not contain line breaks'));
  if (fieldPath && typeof followPath(fieldPath, schema) === 'string')
    causes.push(invalidValue(at('fieldPath'), fieldPath, 'must be a valid path'));
  return causes;
}
