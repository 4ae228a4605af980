import { boolType, nullType, stringType } from '../../../../cel/types/type.ts';
import type { Cause } from '../../../../errors/apiError.ts';
import { qualifiedNameProblems } from '../../../../meta/names.ts';
import type { AuditAnnotation, ValidatingAdmissionPolicy, Validation } from '../../../schema/types.ts';
import { duplicate, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { checked, oneOf } from '../../../validation/rules.ts';
import { isSame } from '../../../validation/same.ts';
import { policyEnvironment } from '../policy/environment.ts';
import { compilePolicyExpression, expressionCauses } from '../policy/expression.ts';
import { matchConditionCauses } from '../policy/matchConditions.ts';
import { matchConstraintsCauses } from '../policy/matchResources.ts';
import { paramKindCauses } from '../policy/paramKind.ts';
import { compileVariables, variableCauses } from '../policy/variables.ts';

const neither = 'validations or auditAnnotations must contain at least one item';

export function validate(policy: ValidatingAdmissionPolicy, old?: ValidatingAdmissionPolicy): Cause[] {
  const {
    failurePolicy,
    paramKind,
    matchConstraints,
    matchConditions,
    variables,
    validations,
    auditAnnotations,
  } = policy.spec ?? {};
  const params = paramKind !== undefined;
  const compiled = compileVariables(variables, { params, authorizer: true });
  const offered = { params, ...(variables?.length && { variables: compiled.fields }) };
  // Conditions that were let in once stay when nothing else changes.
  const unchanged = old !== undefined && isSame(old.spec, policy.spec);
  return [
    ...oneOf('spec.failurePolicy', failurePolicy, ['Fail', 'Ignore']),
    ...paramKindCauses('spec.paramKind', paramKind),
    ...matchConstraintsCauses('spec.matchConstraints', matchConstraints),
    ...(unchanged ? [] : matchConditionCauses('spec.matchConditions', matchConditions, params)),
    ...variableCauses('spec.variables', variables, compiled),
    ...(validations?.length || auditAnnotations?.length
      ? []
      : [required('spec.validations', neither), required('spec.auditAnnotations', neither)]),
    ...(validations ?? []).flatMap((own, index) =>
      validationCauses(`spec.validations[${index}]`, own, offered),
    ),
    ...auditCauses('spec.auditAnnotations', policy.metadata.name ?? '', auditAnnotations, offered),
  ];
}

type Offer = Omit<Parameters<typeof policyEnvironment>[0], 'authorizer'>;
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];

function validationCauses(field: string, validation: Validation, offered: Offer): Cause[] {
  const { expression = '', message = '', messageExpression = '', reason } = validation;
  const conditions = policyEnvironment({ ...offered, authorizer: true });
  const messages = policyEnvironment({ ...offered, authorizer: false });
  return [
    ...(expression.trim() === ''
      ? [required(`${field}.expression`, 'expression is not specified')]
      : expressionCauses(`${field}.expression`, compilePolicyExpression(expression, conditions, [boolType]))),
    ...(messageExpression === ''
      ? []
      : messageExpression.trim() === ''
        ? [invalidValue(`${field}.messageExpression`, messageExpression, 'must be non-empty if specified')]
        : expressionCauses(
            `${field}.messageExpression`,
            compilePolicyExpression(messageExpression, messages, [stringType]),
          )),
    ...messageCauses(`${field}.message`, message),
    ...(reason !== undefined && !reasons.includes(reason)
      ? [notSupported(`${field}.reason`, reason, reasons)]
      : []),
  ];
}

function messageCauses(field: string, message: string): Cause[] {
  if (message && message.trim() === '')
    return [invalidValue(field, message, 'must be non-empty if specified')];
  return /[\n\r]/.test(message.trim()) ? [invalidValue(field, message, 'must not contain line breaks')] : [];
}

const mostAnnotations = 20;
const longestExpression = 5 * 1024;

function auditCauses(
  field: string,
  policy: string,
  annotations: readonly AuditAnnotation[] = [],
  offered: Offer,
): Cause[] {
  const environment = policyEnvironment({ ...offered, authorizer: true });
  const causes =
    annotations.length > mostAnnotations
      ? [invalidValue(field, annotations, `must not have more than ${mostAnnotations} auditAnnotations`)]
      : [];
  for (const [index, { key = '', valueExpression = '' }] of annotations.entries()) {
    const at = `${field}[${index}]`;
    causes.push(
      ...(policy
        ? checked(`${at}.key`, `${policy}/${key}`, qualifiedNameProblems)
        : [invalidValue(`${at}.key`, key, 'requires metadata.name be non-empty')]),
    );
    const trimmed = valueExpression.trim();
    if (trimmed === '') causes.push(required(`${at}.valueExpression`, 'valueExpression is not specified'));
    else if (trimmed.length > longestExpression)
      causes.push(required(`${at}.valueExpression`, `must not exceed ${longestExpression} bytes in length`));
    else {
      const compiled = compilePolicyExpression(trimmed, environment, [stringType, nullType]);
      causes.push(...expressionCauses(`${at}.valueExpression`, compiled, valueExpression));
    }
    if (annotations.findIndex((other) => other.key === key) < index) causes.push(duplicate(`${at}.key`, key));
  }
  return causes;
}
