import type { Cause } from '../../../../errors/apiError.ts';
import type { ReplicaSet, ReplicaSetStatus } from '../../../schema/types.ts';
import { immutable, nonNegative } from '../../../validation/rules.ts';
import { validCounts } from '../counts.ts';
import { validSelectorAndTemplate } from '../template.ts';

export function validate({ spec }: ReplicaSet, old?: ReplicaSet): Cause[] {
  const causes = [
    ...nonNegative('spec.replicas', spec?.replicas),
    ...nonNegative('spec.minReadySeconds', spec?.minReadySeconds),
    ...validSelectorAndTemplate(spec?.selector, spec?.template),
  ];
  return old ? [...causes, ...immutable('spec.selector', spec?.selector, old.spec?.selector)] : causes;
}

export const validateStatus = ({ status }: ReplicaSet): Cause[] => validStatus(status);

/** Returns what is wrong with the counts of a status; ReplicationController, whose status is the same, uses it too. */
export const validStatus = (status: ReplicaSetStatus | undefined): Cause[] =>
  validCounts(
    {
      replicas: status?.replicas,
      fullyLabeledReplicas: status?.fullyLabeledReplicas,
      readyReplicas: status?.readyReplicas,
      availableReplicas: status?.availableReplicas,
      observedGeneration: status?.observedGeneration,
      terminatingReplicas: status?.terminatingReplicas,
    },
    ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'],
  );
