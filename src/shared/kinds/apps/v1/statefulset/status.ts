import type { Cause } from '../../../../errors/apiError.ts';
import type { StatefulSet } from '../../../schema/types.ts';
import { invalidValue } from '../../../validation/causes.ts';
import { nonNegative } from '../../../validation/rules.ts';
import { validCollisions } from '../counts.ts';

export function validateStatus({ status }: StatefulSet, old: StatefulSet): Cause[] {
  const parts = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const;
  const names = ['replicas', ...parts, 'observedGeneration', 'collisionCount'] as const;
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status ?? {};
  const causes = names.flatMap((name) => nonNegative(`status.${name}`, status?.[name]));
  const most = (name: (typeof parts)[number], limit: number, why: string) => {
    const value = status?.[name] ?? 0;
    if (value > limit) causes.push(invalidValue(`status.${name}`, value, why));
  };
  for (const part of parts) most(part, replicas, 'cannot be greater than status.replicas');
  if (availableReplicas > readyReplicas)
    most('availableReplicas', readyReplicas, 'cannot be greater than status.readyReplicas');
  return [...causes, ...validCollisions(status?.collisionCount, old.status?.collisionCount)];
}
