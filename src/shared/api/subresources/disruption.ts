import { formatTime } from '../../clock/clock.ts';
import { ApiError, isReason } from '../../errors/apiError.ts';
import { podDisruptionBudget } from '../../kinds/policy/v1/poddisruptionbudget/index.ts';
import type { Pod, PodDisruptionBudget } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { selectsForBudget } from '../../meta/selects.ts';
import type { Call } from '../request.ts';
import { parseJson, serve } from '../served.ts';
import { retried } from '../verbs/patch.ts';

/** More evictions than this without a deletion mean that the disruption controller does not keep up. */
const mostDisrupted = 2_000;
const refusal = "Cannot evict pod as it would violate the pod's disruption budget.";

/**
 * Asks the disruption budget of a Pod whether it may be evicted, and counts the eviction there.
 * @returns whether the Pod was judged by its being unhealthy: then it must be deleted as it was seen.
 * @throws TooManyRequests when the budget does not allow it, InternalError when several budgets select the Pod.
 */
export async function takeDisruption(call: Call, pod: Pod, dryRun: boolean): Promise<boolean> {
  const budgets = await budgetsOf(call, pod);
  if (budgets.length > 1)
    throw new ApiError(
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  const [budget] = budgets;
  if (!budget) return false;
  if (!isReady(pod) && mayGoUnhealthy(budget)) return true;
  const { name = '', namespace = '' } = budget.metadata;
  const served = serve(podDisruptionBudget as unknown as Call['served']['kind'], call.deps.kinds);
  const own: Call = { ...call, served, name, namespace };
  const take = (stored: AnyObject) =>
    taken(stored as unknown as PodDisruptionBudget, pod, call.deps.clock.now());
  try {
    await retried(own, take, 'status', dryRun, [], { isAdmitted: true });
  } catch (error) {
    if (!isReason(error, 'Conflict')) throw error;
    const message = `couldn't update PodDisruptionBudget ${JSON.stringify(name)} due to conflicts`;
    throw new ApiError('Timeout', `Timeout: ${message}`, { details: { retryAfterSeconds: 10 } });
  }
  return false;
}

/** The name of the budget that selects a Pod; empty where there is none. */
export const budgetNameOf = async (call: Call, pod: Pod): Promise<string> =>
  (await budgetsOf(call, pod))[0]?.metadata.name ?? '';

/** The Pod has changed since it was seen: the client is to come again. */
export const stillProcessed = (name: string): ApiError =>
  tooMany(10, `The disruption budget ${name} is still being processed by the server.`);

/** Returns whether no budget is asked: the Pod serves nobody, or is going already. */
export const needsNoBudget = ({ status, metadata }: Pod): boolean =>
  !!metadata.deletionTimestamp || ['Succeeded', 'Failed', 'Pending'].includes(status?.phase ?? '');

async function budgetsOf({ deps, cluster, namespace }: Call, pod: Pod): Promise<PodDisruptionBudget[]> {
  const resource = 'poddisruptionbudgets.policy';
  const { items } = await deps.storage.list({ cluster, resource, namespace });
  return items
    .map(({ value }) => parseJson(value) as unknown as PodDisruptionBudget)
    .filter(({ spec }) => selectsForBudget(spec?.selector, pod.metadata.labels));
}

const isReady = ({ status }: Pod) =>
  !!status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');

function mayGoUnhealthy({ spec, status }: PodDisruptionBudget): boolean {
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

/** The budget with one eviction counted. Throws when it has none left. */
function taken(budget: PodDisruptionBudget, pod: Pod, now: number): AnyObject {
  const { metadata, status } = budget;
  const name = metadata.name ?? '';
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) throw stillProcessed(name);
  const { disruptionsAllowed = 0, disruptedPods = {} } = status ?? {};
  if (disruptionsAllowed < 0) throw forbidden(name, 'pdb disruptions allowed is negative');
  if (Object.keys(disruptedPods).length > mostDisrupted)
    throw forbidden(name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  if (disruptionsAllowed === 0) throw tooMany(0, whyNot(budget));
  return {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: disruptionsAllowed - 1,
      disruptedPods: { ...disruptedPods, [pod.metadata.name ?? '']: formatTime(now) },
    },
  } as unknown as AnyObject;
}

function whyNot({ metadata: { name }, status }: PodDisruptionBudget): string {
  const { currentHealthy = 0, desiredHealthy = 0, conditions = [] } = status ?? {};
  const condition = conditions.find(({ type }) => type === 'DisruptionAllowed');
  const says = condition?.status === 'False' && condition.message;
  const cannot = `The disruption budget ${name} does not allow evicting pods currently`;
  if (says && condition.reason === 'SyncFailed') return `${cannot} because it failed sync: ${says}`;
  if (currentHealthy <= desiredHealthy)
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  return says ? `${cannot} (${condition.reason}): ${says}` : cannot;
}

const tooMany = (retryAfterSeconds: number, message: string) =>
  new ApiError('TooManyRequests', refusal, {
    details: {
      ...(retryAfterSeconds && { retryAfterSeconds }),
      causes: [{ reason: 'DisruptionBudget', message }],
    },
  });

const forbidden = (name: string, why: string) =>
  new ApiError('Forbidden', `poddisruptionbudget.policy ${JSON.stringify(name)} is forbidden: ${why}`, {
    details: { name, group: 'policy', kind: 'poddisruptionbudget' },
  });
