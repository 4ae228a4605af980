import { failedJudgement } from '../validatingadmissionpolicy/judge.ts';
import { failedConditions } from './matchConditions.ts';
import type { PolicyWork } from './tasks.ts';

/** Is thrown for what could not be evaluated where it was sent: nobody knows what would have come of it. */
export class Unevaluated extends Error {}

/** Returns what comes of what cannot be evaluated: as for an expression that fails, the failure policy decides. */
export const failed = <W extends keyof PolicyWork>(
  work: W,
  of: PolicyWork[W]['of'],
  message: string,
): PolicyWork[W]['outcome'] => failures[work](of, message);

const failures: {
  [W in keyof PolicyWork]: (of: PolicyWork[W]['of'], message: string) => PolicyWork[W]['outcome'];
} = {
  validations: ({ spec }, message) => failedJudgement(spec?.failurePolicy, message),
  webhook: ({ failurePolicy }, message) => failedConditions(failurePolicy, message),
  mutating: ({ spec }, message) => failedConditions(spec?.failurePolicy, message),
  // Whoever applies patches asks the failure policy.
  mutation: (_, problem) => ({ problem }),
};
