import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { labelValueProblems, qualifiedNameProblems } from '../../../../meta/names.ts';
import type { StorageClass, TopologySelectorTerm } from '../../../schema/types.ts';
import { duplicate, forbidden, notSupported, required } from '../../../validation/causes.ts';
import { checked, immutable, oneOf } from '../../../validation/rules.ts';
import { isSame } from '../../../validation/same.ts';
import { validParameters, validProvisioner } from '../parameters.ts';

export const validate = (storageClass: StorageClass, old?: StorageClass): Cause[] => [
  ...validProvisioner('provisioner', storageClass.provisioner),
  ...validParameters(storageClass.parameters ?? {}),
  ...validPolicy(storageClass.reclaimPolicy),
  ...oneOf('volumeBindingMode', storageClass.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']),
  ...validTopologies(storageClass.allowedTopologies ?? []),
  ...(old ? changes(storageClass, old) : []),
];

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
