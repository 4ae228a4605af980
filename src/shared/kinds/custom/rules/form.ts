import type { Cause } from '../../../errors/apiError.ts';
import type { JSONSchemaProps, ValidationRule } from '../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../validation/causes.ts';
import { fieldPathOf } from './fieldPath.ts';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

const hasLines = (text: string): boolean => /[\n\r]/.test(text);

/** Returns what is wrong with the form of the rules at one place of a schema, before any of them is compiled. */
export const ruleFormCauses = (schema: JSONSchemaProps, path: string): Cause[] =>
  (schema['x-kubernetes-validations'] ?? []).flatMap((rule, index) =>
    formCauses(rule, schema, `${path}.x-kubernetes-validations[${index}]`),
  );

function formCauses(rule: ValidationRule, schema: JSONSchemaProps, path: string): Cause[] {
  const causes = textCauses(rule, path);
  const { messageExpression = '', reason, fieldPath = '' } = rule;
  if (messageExpression && messageExpression.trim() === '')
    causes.push(required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'));
  if (reason !== undefined && !reasons.includes(reason))
    causes.push(notSupported(`${path}.reason`, reason, reasons));
  const wrongPath = (why: string) => causes.push(invalidValue(`${path}.fieldPath`, fieldPath, why));
  if (fieldPath && fieldPath.trim() === '') wrongPath('must be non-empty if specified');
  if (hasLines(fieldPath)) wrongPath('must not contain line breaks');
  if (fieldPath && 'problem' in fieldPathOf(fieldPath, schema)) wrongPath('must be a valid path');
  return causes;
}

/** The first thing that is wrong with rule and message. */
function textCauses({ rule = '', message = '' }: ValidationRule, path: string): Cause[] {
  const [trimmedRule, trimmedMessage] = [rule.trim(), message.trim()];
  if (trimmedRule === '') return [required(`${path}.rule`, 'rule is not specified')];
  if (message && trimmedMessage === '')
    return [invalidValue(`${path}.message`, message, 'must be non-empty if specified')];
  if (hasLines(trimmedMessage))
    return [invalidValue(`${path}.message`, message, 'must not contain line breaks')];
  if (hasLines(trimmedRule) && trimmedMessage === '')
    return [required(`${path}.message`, 'message must be specified if rule contains line breaks')];
  return [];
}
