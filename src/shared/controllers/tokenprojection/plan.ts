import type { PodSpec, ServiceAccount } from '../../kinds/schema/types.ts';
import { specsInUse, type Users } from '../secretprojection/plan.ts';

/** As Kubernetes' extended tokens live. */
export const lifeSeconds = 365 * 24 * 3600;

/** A task keeps the token that it started with: one that starts later gets two thirds of a life at least. */
export const renewAt = (issuedAt: number): number => issuedAt + (lifeSeconds * 1000) / 3;

/** Returns the name of the ServiceAccount that a Pod runs as. */
export const accountOf = (spec: PodSpec | undefined): string => spec?.serviceAccountName || 'default';

/** For which audiences a Pod has tokens as files; `` is the API's own. */
export const audiencesOf = (spec: PodSpec | undefined): string[] =>
  (spec?.volumes ?? []).flatMap(({ projected }) =>
    (projected?.sources ?? []).flatMap(({ serviceAccountToken: token }) =>
      token ? [token.audience ?? ''] : [],
    ),
  );

/** Whether Pods of a template can have any: it may be left to the account. */
export const mayUse = (spec: PodSpec | undefined): boolean =>
  spec?.automountServiceAccountToken !== false || audiencesOf(spec).length > 0;

/** For which audiences anybody has tokens of the account, each once. */
export function audiencesInUse(account: ServiceAccount, users: Users): string[] {
  const { pods, templates } = specsInUse(users);
  const isTheirs = (spec: PodSpec | undefined) => accountOf(spec) === account.metadata.name;
  const found = [
    ...pods.filter(isTheirs).flatMap(audiencesOf),
    // Pods have had the volume of every Pod since they were made, their templates have not.
    ...templates
      .filter(isTheirs)
      .flatMap((spec) => [...audiencesOf(spec), ...(isMounted(spec, account) ? [''] : [])]),
  ];
  return [...new Set(found)].sort();
}

const isMounted = (spec: PodSpec | undefined, account: ServiceAccount): boolean =>
  spec?.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
