import type { Check, Decision } from '../../cel/library/kubernetes/authorizer.ts';
import type {
  MatchCondition,
  MutatingAdmissionPolicy,
  ValidatingAdmissionPolicy,
} from '../../kinds/schema/types.ts';
import type { Made } from '../mutatingadmissionpolicy/patch.ts';
import type { Judgement } from '../validatingadmissionpolicy/judge.ts';
import type { Held } from './matchConditions.ts';
import type { InputData } from './request.ts';

/** Describes what there is to evaluate for a request, each with what it is of and what comes of it, as data. */
export interface PolicyWork {
  validations: { of: ValidatingAdmissionPolicy; outcome: Judgement };
  /** The match conditions of a webhook. */
  webhook: { of: Conditions; outcome: Held };
  /** The match conditions of a policy that changes requests. */
  mutating: { of: MutatingAdmissionPolicy; outcome: Held };
  mutation: { of: { policy: MutatingAdmissionPolicy; index: number }; outcome: Made };
}

export interface Conditions {
  matchConditions: readonly MatchCondition[] | undefined;
  failurePolicy: string | undefined;
}

/** What an authorizer has decided for a request, by the JSON of each Check. */
export type Known = ReadonlyMap<string, Decision>;

/** Describes an evaluation that takes longer than a moment. */
export interface PolicyTask<W extends keyof PolicyWork = keyof PolicyWork> {
  work: W;
  of: PolicyWork[W]['of'];
  data: InputData;
  known: Known;
}

/**
 * Evaluates where nobody waits for it. Those of one logical cluster wait for each other, those of one lane of it foremost.
 * @throws Undecided when it asks the authorizer something new. Unevaluated when nothing comes of it.
 */
export type JudgePolicy = <W extends keyof PolicyWork>(
  task: PolicyTask<W>,
  cluster: string,
  lane: string,
) => Promise<PolicyWork[W]['outcome']>;

/** What comes of a task where it is evaluated. */
export type PolicyOutcome<W extends keyof PolicyWork = keyof PolicyWork> =
  | { outcome: PolicyWork[W]['outcome'] }
  | { undecided: Check };
