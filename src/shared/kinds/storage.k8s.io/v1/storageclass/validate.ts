import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { labelValueProblems, qualifiedNameProblems } from '../../../../meta/names.ts';
import type { StorageClass, TopologySelectorTerm } from '../../../schema/types.ts';
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  required,
  tooLong,
} from '../../../validation/causes.ts';
import { checked, immutable, oneOf } from '../../../validation/rules.ts';
import { isSame } from '../../../validation/same.ts';

export const validate = (storageClass: StorageClass, old?: StorageClass): Cause[] => [
  ...validProvisioner(storageClass.provisioner),
  ...validParameters(storageClass.parameters ?? {}),
  ...validPolicy(storageClass.reclaimPolicy),
  ...oneOf('volumeBindingMode', storageClass.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']),
  ...validTopologies(storageClass.allowedTopologies ?? []),
  ...(old ? changes(storageClass, old) : []),
];

const validProvisioner = (name: string): Cause[] =>
  name
    ? qualifiedNameProblems(name.toLowerCase()).map((why) =>
        invalidValue('provisioner', name.toLowerCase(), why),
      )
    : [required('provisioner')];

const mostParameters = 512;
const mostParameterBytes = 256 * 1024;

function validParameters(parameters: Record<string, string>): Cause[] {
  const entries = Object.entries(parameters);
  if (entries.length > mostParameters) return [tooLong('parameters', mostParameters)];
  const causes = entries
    .filter(([key]) => !key)
    .map(([key]) => invalidValue('parameters', key, 'field can not be empty.'));
  const bytes = entries.reduce((sum, [k, v]) => sum + Buffer.byteLength(k) + Buffer.byteLength(v), 0);
  if (bytes > mostParameterBytes) causes.push(tooLong('parameters', mostParameterBytes));
  return causes;
}

const policies = ['Delete', 'Retain'];

const validPolicy = (policy: string | undefined): Cause[] =>
  policy && !policies.includes(policy) ? [notSupported('reclaimPolicy', policy, policies)] : [];

function validTopologies(terms: TopologySelectorTerm[]): Cause[] {
  return terms.flatMap(({ matchLabelExpressions = [] }, i) => {
    const keys = new Set<string>();
    return matchLabelExpressions.flatMap(({ key, values = [] }, j) => {
      const at = `allowedTopologies[${i}].matchLabelExpressions[${j}]`;
      const causes = values.length === 0 ? [required(`${at}.values`)] : [];
      addAll(
        causes,
        values.flatMap((value, k) => checked(`${at}.values[${k}]`, value, labelValueProblems)),
      );
      addAll(causes, checked(`${at}.key`, key, qualifiedNameProblems));
      if (keys.has(key)) causes.push(duplicate(`${at}.key`, key));
      keys.add(key);
      return causes;
    });
  });
}

const fixed = ['parameters', 'provisioner', 'reclaimPolicy'] as const;

const changes = (storageClass: StorageClass, old: StorageClass): Cause[] => [
  ...fixed
    .filter((field) => !isSame(storageClass[field], old[field]))
    .map((field) => forbidden(field, `updates to ${field} are forbidden.`)),
  ...immutable('volumeBindingMode', storageClass.volumeBindingMode, old.volumeBindingMode),
];
