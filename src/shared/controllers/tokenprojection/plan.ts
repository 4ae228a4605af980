import type { PodSpec, ServiceAccount } from '../../kinds/schema/types.ts';
import { specsInUse, type Users } from '../secretprojection/plan.ts';

/** A task needs its boot token while it starts. */
export const lifeSeconds = 24 * 3600;

/** A task that starts later gets two thirds of a life at least. */
export const renewAt = (issuedAt: number): number => issuedAt + (lifeSeconds * 1000) / 3;

/** Returns whether a token that was to be renewed then is to be renewed now, perhaps since its key has been given up. */
export const isDue = (then: number, now: number, tokensSince = 0): boolean =>
  now >= then || then < renewAt(tokensSince);

/** Returns the name of the ServiceAccount that a Pod runs as. */
export const accountOf = (spec: PodSpec | undefined): string => spec?.serviceAccountName || 'default';

/** Returns whether a Pod has tokens as files. */
export const hasTokens = (spec: PodSpec | undefined): boolean =>
  (spec?.volumes ?? []).some(({ projected }) =>
    projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken),
  );

/** Returns whether Pods of a template can have any: it may be left to the account. */
export const mayUse = (spec: PodSpec | undefined): boolean =>
  spec?.automountServiceAccountToken !== false || hasTokens(spec);

/** Returns whether anybody has tokens of the account; with `everyPod`, whether anybody runs as it. */
export function isInUse(account: ServiceAccount, users: Users, everyPod = false): boolean {
  const { pods, templates } = specsInUse(users);
  const isTheirs = (spec: PodSpec | undefined) => accountOf(spec) === account.metadata.name;
  return (
    pods.filter(isTheirs).some((spec) => everyPod || hasTokens(spec)) ||
    // Pods have had the volume of every Pod since they were made, their templates have not.
    templates.filter(isTheirs).some((spec) => everyPod || hasTokens(spec) || isMounted(spec, account))
  );
}

const isMounted = (spec: PodSpec | undefined, account: ServiceAccount): boolean =>
  spec?.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
