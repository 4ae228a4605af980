import type { HorizontalPodAutoscaler, Pod, Scale } from '../../kinds/schema/types.ts';
import { parseQuantity } from '../../meta/quantity.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { horizontalPodAutoscalers, pods } from '../resources.ts';
import { absent } from './absent.ts';
import { selectorOf, withHistory } from './history.ts';
import { type Measured, measure, type Target } from './measure.ts';
import { metricsApis } from './metricsApis.ts';
import { bySize, type Plan, plan, withCondition } from './plan.ts';
import { resourceMetrics } from './resourceMetrics.ts';
import { selectedBy } from './selected.ts';
import { type ScaleTarget, scaleOf } from './target.ts';

const periodMs = 15_000;
/** Where nothing is measured only the sizes can ask for something. */
const idlePeriodMs = 60_000;
const usualTolerance = 0.1;
/** As which servers of metrics know it. */
const account = 'horizontal-pod-autoscaler';

export const horizontalPodAutoscaler: Controller = {
  name: 'horizontal-pod-autoscaler',
  watches: [
    watching<HorizontalPodAutoscaler>({
      resource: horizontalPodAutoscalers,
      // What it writes of itself is no news.
      keys: (hpa, old) => (old && old !== hpa && same(old.spec, hpa.spec) ? [] : [keyOf(hpa)]),
    }),
  ],

  async reconcile(key, ctx) {
    const hpa = await ctx.client.get(horizontalPodAutoscalers, key.namespace, key.name);
    if (!hpa?.spec || hpa.metadata.deletionTimestamp) return undefined;
    await step(hpa, key.cluster, ctx);
    return { requeueAfterMs: periodIn(ctx) };
  },
};

/** Looking more often than there is something new finds what it has found. */
const periodIn = ({ cloud: { statistics }, env: { otherServers } }: ReconcileContext): number =>
  otherServers ? periodMs : statistics ? Math.max(periodMs, statistics.everyMs ?? 0) : idlePeriodMs;

async function step(hpa: HorizontalPodAutoscaler, cluster: string, ctx: ReconcileContext): Promise<void> {
  const { clock, events } = ctx;
  let target: ScaleTarget;
  try {
    target = await scaleOf(hpa, ctx);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    events(hpa, { type: 'Warning', reason: 'FailedGetScale', message: why });
    const message = `the HPA controller was unable to get the target's current scale: ${why}`;
    return writeUnable(hpa, 'FailedGetScale', message, ctx);
  }
  const current = target.scale.spec?.replicas ?? 0;
  if (bySize(hpa, current) !== undefined)
    return apply(hpa, target, plan(hpa, current, undefined, clock.now()), ctx);
  const { namespace = '' } = hpa.metadata;
  const [all, others] = await Promise.all([
    ctx.client.list(pods, { namespace }),
    ctx.client.list(horizontalPodAutoscalers, { namespace }),
  ]);
  const selected = selectedBy(target.scale.status?.selector ?? '', all, hpa, others);
  const measured =
    'reason' in selected ? selected : await measureAll(hpa, cluster, target.scale, selected, ctx);
  await apply(hpa, target, plan(hpa, current, measured, clock.now()), ctx, selected.selector);
}

async function measureAll(
  hpa: HorizontalPodAutoscaler,
  cluster: string,
  { spec, status }: Scale,
  selected: { selector: string; pods: Pod[] },
  { client, cloud, clock, env }: ReconcileContext,
): Promise<Measured[]> {
  const { namespace = '' } = hpa.metadata;
  const { scaleUp, scaleDown } = hpa.spec?.behavior ?? {};
  const target: Target = {
    place: { cluster, namespace },
    ...selected,
    specReplicas: spec?.replicas ?? 0,
    statusReplicas: status?.replicas ?? 0,
    tolerance: { up: ratio(scaleUp?.tolerance), down: ratio(scaleDown?.tolerance) },
    now: clock.now(),
  };
  const names = new Set(selected.pods.map(({ metadata }) => metadata.name ?? ''));
  const metrics: Metrics = {
    ...(cloud.statistics ? resourceMetrics(client, names) : absent),
    ...metricsApis(env.exchangeAs(account, cluster), client),
  };
  return Promise.all((hpa.spec?.metrics ?? []).map((metric) => measure(metric, target, metrics)));
}

const ratio = (tolerance: string | number | undefined): number =>
  tolerance === undefined ? usualTolerance : Number(parseQuantity(tolerance) ?? 0n) / 1e9;

async function apply(
  hpa: HorizontalPodAutoscaler,
  target: ScaleTarget,
  todo: Plan,
  ctx: ReconcileContext,
  selector = selectorOf(hpa),
): Promise<void> {
  const { clock, events } = ctx;
  for (const event of todo.events) events(hpa, event);
  const { rescale } = todo;
  let { status } = todo;
  if (rescale) {
    const size = `New size: ${rescale.replicas}; reason: ${rescale.reason}`;
    try {
      await target.resize(rescale.replicas);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      events(hpa, { type: 'Warning', reason: 'FailedRescale', message: `${size}; error: ${why}` });
      const message = `the HPA controller was unable to update the target scale: ${why}`;
      const { desiredReplicas = 0, lastScaleTime } = hpa.status ?? {};
      const { lastScaleTime: _, ...found } = status;
      const before = { ...found, desiredReplicas, ...(lastScaleTime && { lastScaleTime }) };
      await writeUnable(hpa, 'FailedUpdateScale', message, ctx, before);
      throw error;
    }
    events(hpa, { type: 'Normal', reason: 'SuccessfulRescale', message: size });
    const message = `the HPA controller was able to update the target scale to ${rescale.replicas}`;
    const { conditions = [] } = status;
    status = {
      ...status,
      conditions: withCondition(conditions, 'AbleToScale', true, 'SucceededRescale', message, clock.now()),
    };
  }
  await write({ ...withHistory(hpa, { ...todo.history, selector }), status }, hpa, ctx);
}

async function writeUnable(
  hpa: HorizontalPodAutoscaler,
  reason: string,
  message: string,
  ctx: ReconcileContext,
  before = hpa.status ?? { desiredReplicas: 0, currentMetrics: [] },
): Promise<void> {
  const { conditions = [] } = before;
  const now = ctx.clock.now();
  const unable = withCondition(conditions, 'AbleToScale', false, reason, message, now);
  await write({ ...hpa, status: { ...before, conditions: unable } }, hpa, ctx);
}

async function write(
  next: HorizontalPodAutoscaler,
  hpa: HorizontalPodAutoscaler,
  { client }: ReconcileContext,
): Promise<void> {
  const facts = ({ metadata, status }: HorizontalPodAutoscaler) => [metadata.annotations, status];
  if (!same(facts(next), facts(hpa))) await unlessGone(client.updateStatus(horizontalPodAutoscalers, next));
}
