import type { Bindings } from '../../cel/eval/frame.ts';
import { Undecided } from '../../cel/library/kubernetes/authorizer.ts';
import { compilePolicy } from '../../kinds/admissionregistration.k8s.io/v1/validatingadmissionpolicy/compile.ts';
import { compileMutatingPolicy } from '../../kinds/admissionregistration.k8s.io/v1beta1/mutatingadmissionpolicy/compile.ts';
import { remembering } from '../../meta/remembering.ts';
import { mutationConditionsHold, patchMade } from '../mutatingadmissionpolicy/mutate.ts';
import { judge } from '../validatingadmissionpolicy/judge.ts';
import { compileMatchConditions, conditionsHold } from './matchConditions.ts';
import { bindingsOf } from './request.ts';
import type { Conditions, PolicyOutcome, PolicyTask, PolicyWork } from './tasks.ts';

/** Does what a JudgePolicy is given, however long it takes. */
export function policyOutcome<W extends keyof PolicyWork>({
  work,
  of,
  data,
  known,
}: PolicyTask<W>): PolicyOutcome<W> {
  const bindings = bindingsOf(data, (check) => known.get(JSON.stringify(check)));
  try {
    return { outcome: evaluate(work, of, bindings) };
  } catch (error) {
    if (error instanceof Undecided) return { undecided: error.check };
    throw error;
  }
}

/** Compiles and evaluates. Throws Undecided. */
export const evaluate = <W extends keyof PolicyWork>(
  work: W,
  of: PolicyWork[W]['of'],
  bindings: Bindings,
): PolicyWork[W]['outcome'] => evaluators[work](of, bindings);

type Evaluators = {
  [W in keyof PolicyWork]: (of: PolicyWork[W]['of'], bindings: Bindings) => PolicyWork[W]['outcome'];
};

const evaluators: Evaluators = {
  validations: (policy, bindings) => judge(validating(JSON.stringify(policy)), bindings),
  webhook: ({ matchConditions, failurePolicy }, bindings) =>
    conditionsHold(conditions(JSON.stringify(matchConditions ?? [])), bindings, failurePolicy),
  mutating: (policy, bindings) => mutationConditionsHold(policy, mutating(JSON.stringify(policy)), bindings),
  mutation: ({ policy, index }, bindings) => patchMade(mutating(JSON.stringify(policy)), index, bindings),
};

/** Says what stays compiled of each kind; a letter of it takes some 17 bytes. */
const kept = { most: 100, mostWeight: 4_000_000, weigh: ({ length }: string) => length };
const validating = remembering(kept, (text: string) => compilePolicy(JSON.parse(text)));
const mutating = remembering(kept, (text: string) => compileMutatingPolicy(JSON.parse(text)));
const conditions = remembering(kept, (text: string) =>
  compileMatchConditions(JSON.parse(text) as Conditions['matchConditions']),
);
