import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123SubdomainProblems } from '../../../../meta/names.ts';
import { goText } from '../../../schema/goText.ts';
import type { FlowSchema, FlowSchemaSpec } from '../../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';
import { isSame } from '../../../validation/same.ts';
import { bootstrapFlowSchemas, mandatory } from '../bootstrap.ts';
import { validFlowConditions } from '../conditions.ts';
import { validRule } from './rules.ts';

const highestPrecedence = 10_000;
const methods = ['ByNamespace', 'ByUser'];

export function validate({ metadata: { name = '' }, spec, status }: FlowSchema): Cause[] {
  const causes = spec ? validSpec(name, spec) : [];
  const fixed = mandatory.includes(name) && bootstrapFlowSchemas.find((each) => each.metadata.name === name);
  if (fixed && spec && !isSame(spec, fixed.spec))
    causes.push(
      invalidValue('spec', goText('FlowSchemaSpec', spec), `spec of '${name}' must equal the fixed value`),
    );
  return [...causes, ...validFlowConditions('status.conditions', status?.conditions)];
}

export const validateStatus = ({ status }: FlowSchema): Cause[] =>
  validFlowConditions('status.conditions', status?.conditions);

function validSpec(name: string, spec: FlowSchemaSpec): Cause[] {
  const { priorityLevelConfiguration: level, distinguisherMethod: method, rules = [] } = spec;
  const causes = validPrecedence('spec.matchingPrecedence', spec.matchingPrecedence, name);
  if (method && !methods.includes(method.type))
    causes.push(notSupported('spec.distinguisherMethod.type', { Type: method.type }, methods));
  const at = 'spec.priorityLevelConfiguration.name';
  causes.push(
    ...(level.name
      ? checked(at, level.name, dns1123SubdomainProblems)
      : [required(at, 'must reference a priority level')]),
  );
  return [...causes, ...rules.flatMap((rule, i) => validRule(`spec.rules[${i}]`, rule))];
}

function validPrecedence(field: string, precedence: number, name: string): Cause[] {
  const invalid = (why: string) => [invalidValue(field, precedence, why)];
  if (precedence <= 0) return invalid('must be a positive value');
  if (precedence > highestPrecedence) return invalid(`must not be greater than ${highestPrecedence}`);
  return precedence === 1 && name !== 'exempt'
    ? invalid("only the schema named 'exempt' may have matchingPrecedence 1")
    : [];
}
