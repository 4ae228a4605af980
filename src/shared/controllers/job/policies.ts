import type {
  ContainerStatus,
  Pod,
  PodFailurePolicy,
  PodFailurePolicyOnExitCodesRequirement,
  SuccessPolicy,
} from '../../kinds/schema/types.ts';
import { type Intervals, parseIntervals, sizeOf, sizeOfCommon } from './intervals.ts';

/** Describes what a failed Pod means for its Job. */
export interface Verdict {
  /** Says whether the failure counts towards the limits. */
  counts: boolean;
  failsIndex?: true;
  /** Says why the whole Job fails. */
  failsJob?: string;
}

/** The first rule that matches decides; without any, a failure counts. */
export function verdictOn(policy: PodFailurePolicy | undefined, pod: Pod): Verdict {
  for (const [i, { action, onExitCodes, onPodConditions }] of (policy?.rules ?? []).entries()) {
    const why = onExitCodes
      ? byExitCode(pod, onExitCodes)
      : pod.status?.conditions?.find((c) =>
          onPodConditions?.some(({ type, status }) => c.type === type && c.status === status),
        );
    if (!why) continue;
    if (action === 'Ignore') return { counts: false };
    if (action === 'FailIndex') return { counts: true, failsIndex: true };
    if (action === 'Count') return { counts: true };
    const { namespace, name } = pod.metadata;
    const what =
      'name' in why
        ? `Container ${why.name} for pod ${namespace}/${name} failed with exit code ${why.state?.terminated?.exitCode}`
        : `Pod ${namespace}/${name} has condition ${why.type}`;
    return { counts: true, failsJob: `${what} matching ${action} rule at index ${i}` };
  }
  return { counts: true };
}

function byExitCode(
  { status }: Pod,
  { containerName, operator, values }: PodFailurePolicyOnExitCodesRequirement,
): ContainerStatus | undefined {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return all.find(({ name, state }) => {
    const code = state?.terminated?.exitCode ?? 0;
    if (code === 0 || (containerName !== undefined && containerName !== name)) return false;
    return values.includes(code) === (operator === 'In');
  });
}

/** Returns why the Job has succeeded before all of its indexes have; undefined when it has not. */
export function successBy(
  policy: SuccessPolicy | undefined,
  completions: number,
  succeeded: Intervals,
): string | undefined {
  if (succeeded.length === 0) return undefined;
  const rule = (policy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined)
      return succeededCount !== undefined && sizeOf(succeeded) >= succeededCount;
    const wanted = parseIntervals(succeededIndexes, completions);
    const there = sizeOfCommon(wanted, succeeded);
    return wanted.length > 0 && there >= Math.min(sizeOf(wanted), succeededCount ?? sizeOf(wanted));
  });
  return rule < 0 ? undefined : `Matched rules at index ${rule}`;
}
