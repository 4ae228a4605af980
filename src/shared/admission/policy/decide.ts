import type { Attributes, Authorizer } from '../../auth/authorize.ts';
import type { User } from '../../auth/user.ts';
import type { Bindings } from '../../cel/eval/frame.ts';
import {
  type Check,
  type Decide,
  type Decision,
  Undecided,
} from '../../cel/library/kubernetes/authorizer.ts';
import { inMoment } from '../../cel/values/steps.ts';
import type { Soon } from '../../meta/soon.ts';
import type { AdmissionOptions } from '../options.ts';
import type { Admission } from '../plugin.ts';
import { bindingsOf, type InputData } from './request.ts';
import type { PolicyWork } from './tasks.ts';
import { failed, Unevaluated } from './unevaluated.ts';

/**
 * Evaluates for a request, and answers the questions that expressions ask an authorizer. Evaluations cannot wait, so one
 * that asks something new ends, the question is decided, and it begins again; each question of a request is decided once.
 * What cannot be evaluated is left to the failure policy.
 */
export function evaluationsFor(
  { rbac, judgePolicy, turn }: Means,
  { cluster, user }: Admission,
): Evaluations {
  const known = new Map<string, Decision>();
  const decide: Decide = (check) => known.get(JSON.stringify(check));
  return async (work, name, of, data, evaluate) => {
    type Outcome = ReturnType<typeof evaluate>;
    const here = () => evaluate(bindingsOf(data, decide));
    const longer = () => judgePolicy!({ work, of, data, known }, cluster, `${work}/${name}`);
    for (;;) {
      const pause = turn?.();
      if (pause) await pause;
      try {
        return await (judgePolicy ? inMoment<Soon<Outcome>>(here, longer) : here());
      } catch (error) {
        if (error instanceof Unevaluated) return failed(work, of, error.message);
        if (!(error instanceof Undecided)) throw error;
        known.set(JSON.stringify(error.check), await decided(rbac?.authorizer, cluster, user, error.check));
      }
    }
  };
}

type Means = Pick<AdmissionOptions, 'rbac' | 'judgePolicy' | 'turn'>;

/**
 * Evaluates work of a policy or a webhook; elsewhere where that takes longer than a moment.
 * @param of Says what the work is, there; `evaluate` does it here.
 */
export type Evaluations = <W extends keyof PolicyWork>(
  work: W,
  name: string,
  of: PolicyWork[W]['of'],
  data: InputData,
  evaluate: (bindings: Bindings) => PolicyWork[W]['outcome'],
) => Promise<PolicyWork[W]['outcome']>;

async function decided(
  authorizer: Authorizer | undefined,
  cluster: string,
  user: User,
  check: Check,
): Promise<Decision> {
  if (!authorizer) return { allowed: true, reason: '' };
  const { allowed, reason = '' } = await authorizer.decide(attributesOf(cluster, user, check));
  return { allowed, reason };
}

function attributesOf(cluster: string, user: User, check: Check): Attributes {
  const {
    serviceAccount: account,
    verb,
    path,
    group = '',
    resource: plural = '',
    subresource,
    namespace,
    name,
  } = check;
  const asked = account ? accountUser(account) : user;
  if (path !== undefined) return { cluster, user: asked, verb, path };
  return {
    cluster,
    user: asked,
    verb,
    path: '',
    resource: { group, version: '*', plural, ...(subresource && { subresource }) },
    ...(namespace && { namespace }),
    ...(name && { name }),
  };
}

const accountUser = ({ namespace, name }: { namespace: string; name: string }): User => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
});
