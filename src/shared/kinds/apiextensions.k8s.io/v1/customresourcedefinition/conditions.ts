import { formatTime } from '../../../../clock/clock.ts';
import type {
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionStatus,
} from '../../../schema/types.ts';

type Claim = Pick<CustomResourceDefinitionCondition, 'type' | 'status' | 'reason' | 'message'>;

/** The status with a condition set; its time is that of the last change of True and False. `now` in milliseconds. */
export function withCondition(
  status: CustomResourceDefinitionStatus = {
    conditions: [],
    acceptedNames: { plural: '', kind: '' },
    storedVersions: [],
  },
  now: number,
  claim: Claim,
): CustomResourceDefinitionStatus {
  const conditions = status.conditions ?? [];
  const before = conditions.find(({ type }) => type === claim.type);
  const lastTransitionTime =
    before?.status === claim.status && before.lastTransitionTime
      ? before.lastTransitionTime
      : formatTime(now);
  const { type, status: is, reason, message } = claim;
  const condition = { type, status: is, lastTransitionTime, reason, message };
  return {
    ...status,
    conditions: before
      ? conditions.map((other) => (other === before ? condition : other))
      : [...conditions, condition],
  };
}
