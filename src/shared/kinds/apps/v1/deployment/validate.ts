import type { Cause } from '../../../../errors/apiError.ts';
import type { Deployment, DeploymentSpec } from '../../../schema/types.ts';
import { invalidValue } from '../../../validation/causes.ts';
import { immutable, nonNegative } from '../../../validation/rules.ts';
import { validCounts } from '../counts.ts';
import { validSelectorAndTemplate } from '../template.ts';
import { validStrategy } from './rolling.ts';

export function validate({ spec }: Deployment, old?: Deployment): Cause[] {
  const found = validSpec(spec ?? ({} as DeploymentSpec));
  return old ? [...found, ...immutable('spec.selector', spec?.selector, old.spec?.selector)] : found;
}

function validSpec(spec: DeploymentSpec): Cause[] {
  const { minReadySeconds: ready = 0, progressDeadlineSeconds: deadline } = spec;
  const causes = [
    ...nonNegative('spec.replicas', spec.replicas),
    ...validSelectorAndTemplate(spec.selector, spec.template),
    ...validStrategy(spec.strategy ?? {}),
    ...nonNegative('spec.minReadySeconds', ready),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...nonNegative('spec.progressDeadlineSeconds', deadline),
  ];
  if (deadline !== undefined && deadline <= ready) {
    const why = 'must be greater than minReadySeconds';
    causes.push(invalidValue('spec.progressDeadlineSeconds', deadline, why));
  }
  return causes;
}

export function validateStatus({ status = {} }: Deployment, old: Deployment): Cause[] {
  const { collisionCount: collisions } = status;
  const before = old.status?.collisionCount;
  const causes = validCounts(
    {
      observedGeneration: status.observedGeneration,
      replicas: status.replicas,
      updatedReplicas: status.updatedReplicas,
      readyReplicas: status.readyReplicas,
      availableReplicas: status.availableReplicas,
      unavailableReplicas: status.unavailableReplicas,
      terminatingReplicas: status.terminatingReplicas,
      collisionCount: status.collisionCount,
    },
    ['updatedReplicas', 'readyReplicas', 'availableReplicas'],
  );
  if (before !== undefined && (collisions === undefined || collisions < before)) {
    causes.push(invalidValue('status.collisionCount', collisions ?? null, 'cannot be decremented'));
  }
  return causes;
}
