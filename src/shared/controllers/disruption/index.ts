import { isReason } from '../../errors/apiError.ts';
import type { Pod, PodDisruptionBudget, PodDisruptionBudgetStatus } from '../../kinds/schema/types.ts';
import { selectsForBudget } from '../../meta/selects.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { podDisruptionBudgets, pods } from '../resources.ts';
import { countsByScale, failed, plan } from './plan.ts';
import { scaleOf } from './scale.ts';

/** Updates the status of PodDisruptionBudgets, which says how many Pods may be evicted now. */
export const disruption: Controller = {
  name: 'controllermanager',
  watches: [
    watching<PodDisruptionBudget>({ resource: podDisruptionBudgets, keys: (budget) => [keyOf(budget)] }),
    watching<Pod>({
      resource: pods,
      async keys(pod, old, { client, deleted }) {
        if (!deleted && old && pod !== old && same(counted(pod), counted(old))) return [];
        const { namespace = '' } = pod.metadata;
        const budgets = await client.list(podDisruptionBudgets, { namespace });
        return budgets
          .filter(({ spec }) =>
            [pod, old].some((each) => each && selectsForBudget(spec?.selector, each.metadata.labels)),
          )
          .map(keyOf);
      },
    }),
  ],

  async reconcile({ namespace, name }, ctx) {
    const budget = await ctx.client.get(podDisruptionBudgets, namespace, name);
    if (!budget) return undefined;
    const selected = (await ctx.client.list(pods, { namespace })).filter(({ metadata }) =>
      selectsForBudget(budget.spec?.selector, metadata.labels),
    );
    if (selected.length === 0)
      ctx.events(budget, { type: 'Normal', reason: 'NoPods', message: 'No matching pods found' });
    let scale = 0;
    try {
      scale = countsByScale(budget) ? await countedScale(budget, selected, ctx) : 0;
    } catch (error) {
      if (isReason(error, 'Conflict')) throw error;
      return tellFailure(budget, error as Error, ctx);
    }
    const now = ctx.clock.now();
    const { status, notDeleted, requeueAfterMs } = plan({ budget, pods: selected, scale, now });
    for (const pod of notDeleted) {
      const message = `Pod was expected by PDB ${namespace}/${name} to be deleted but it wasn't`;
      ctx.events(pod, { type: 'Warning', reason: 'NotDeleted', message });
    }
    await write(budget, status, ctx);
    return requeueAfterMs === undefined ? undefined : { requeueAfterMs };
  },
};

/** Is all that a budget counts a Pod by. */
const counted = ({ metadata, status }: Pod) => [
  metadata.labels,
  metadata.ownerReferences,
  metadata.deletionTimestamp,
  status?.phase,
  status?.conditions?.map(({ type, status }) => ['Ready', 'DisruptionTarget'].includes(type) && status),
];

async function countedScale(
  budget: PodDisruptionBudget,
  selected: Pod[],
  { client, events }: ReconcileContext,
): Promise<number> {
  const { count, unmanaged } = await scaleOf(selected, client);
  if (unmanaged.length) {
    const message = `Pods selected by this PodDisruptionBudget (selector: ${JSON.stringify(budget.spec?.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
    events(budget, { type: 'Warning', reason: 'UnmanagedPods', message });
  }
  return count;
}

/** Nothing may be evicted while nobody knows how many Pods there should be. */
async function tellFailure(
  budget: PodDisruptionBudget,
  error: Error,
  ctx: ReconcileContext,
): Promise<undefined> {
  const message = `Failed to calculate the number of expected pods: ${error.message}`;
  ctx.events(budget, { type: 'Warning', reason: 'CalculateExpectedPodCountFailed', message });
  await write(budget, failed(budget, error.message, ctx.clock.now()), ctx);
}

async function write(
  budget: PodDisruptionBudget,
  status: PodDisruptionBudgetStatus,
  { client }: ReconcileContext,
): Promise<void> {
  if (!same(status, budget.status))
    await unlessGone(client.updateStatus(podDisruptionBudgets, { ...budget, status }));
}
