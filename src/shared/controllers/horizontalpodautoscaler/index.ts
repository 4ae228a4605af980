import type { HorizontalPodAutoscaler, Pod, Scale } from '../../kinds/schema/types.ts';
import { parseLabelSelector } from '../../meta/parseLabels.ts';
import { parseQuantity } from '../../meta/quantity.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { horizontalPodAutoscalers, pods } from '../resources.ts';
import { historyAnnotation } from './history.ts';
import { type Measured, measure, type Target } from './measure.ts';
import { bySize, type Plan, plan, withCondition } from './plan.ts';
import { resourceMetrics } from './resourceMetrics.ts';
import { type ScaleTarget, scaleOf } from './target.ts';

const periodMs = 15_000;
/** Where nothing is measured only the sizes can ask for something. */
const idlePeriodMs = 60_000;
const usualTolerance = 0.1;

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
    const { client, cloud } = ctx;
    const hpa = await client.get(horizontalPodAutoscalers, key.namespace, key.name);
    if (!hpa?.spec || hpa.metadata.deletionTimestamp) return undefined;
    await step(hpa, key.cluster, ctx);
    return { requeueAfterMs: periodIn(cloud) };
  },
};

/** Looking more often than there is something new finds what it has found. */
const periodIn = ({ metrics, statistics }: ReconcileContext['cloud']): number =>
  metrics || statistics ? Math.max(periodMs, (!metrics && statistics?.everyMs) || 0) : idlePeriodMs;

async function step(hpa: HorizontalPodAutoscaler, cluster: string, ctx: ReconcileContext): Promise<void> {
  const { clock, events } = ctx;
  let target: ScaleTarget;
  try {
    target = await scaleOf(hpa, ctx);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    events(hpa, { type: 'Warning', reason: 'FailedGetScale', message: why });
    const message = `the HPA controller was unable to get the target's current scale: ${why}`;
    return writeConditions(hpa, 'AbleToScale', 'FailedGetScale', message, ctx);
  }
  const current = target.scale.spec?.replicas ?? 0;
  const selector = target.scale.status?.selector ?? '';
  if (bySize(hpa, current) === undefined && selector === '') {
    events(hpa, { type: 'Warning', reason: 'SelectorRequired', message: 'selector is required' });
    const message = "the HPA target's scale is missing a selector";
    return writeConditions(hpa, 'ScalingActive', 'InvalidSelector', message, ctx);
  }
  const measured =
    bySize(hpa, current) === undefined ? await measureAll(hpa, cluster, target.scale, ctx) : undefined;
  await apply(hpa, target, plan(hpa, current, measured, clock.now()), ctx);
}

async function measureAll(
  hpa: HorizontalPodAutoscaler,
  cluster: string,
  { spec, status }: Scale,
  { client, cloud, clock }: ReconcileContext,
): Promise<Measured[]> {
  const { namespace = '' } = hpa.metadata;
  const selector = parseLabelSelector(status?.selector ?? '');
  const mine = (await client.list(pods, { namespace })).filter((pod: Pod) =>
    selector.matches(pod.metadata.labels),
  );
  const { scaleUp, scaleDown } = hpa.spec?.behavior ?? {};
  const target: Target = {
    place: { cluster, namespace },
    pods: mine,
    specReplicas: spec?.replicas ?? 0,
    statusReplicas: status?.replicas ?? 0,
    tolerance: { up: ratio(scaleUp?.tolerance), down: ratio(scaleDown?.tolerance) },
    now: clock.now(),
  };
  const names = new Set(mine.map(({ metadata }) => metadata.name ?? ''));
  const metrics = cloud.metrics ?? (cloud.statistics && resourceMetrics(client, names));
  return Promise.all((hpa.spec?.metrics ?? []).map((metric) => measure(metric, target, metrics)));
}

const ratio = (tolerance: string | number | undefined): number =>
  tolerance === undefined ? usualTolerance : Number(parseQuantity(tolerance) ?? 0n) / 1e9;

async function apply(
  hpa: HorizontalPodAutoscaler,
  target: ScaleTarget,
  todo: Plan,
  ctx: ReconcileContext,
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
      await writeConditions(hpa, 'AbleToScale', 'FailedUpdateScale', message, ctx);
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
  const annotations = { ...hpa.metadata.annotations, [historyAnnotation]: JSON.stringify(todo.history) };
  await write({ ...hpa, metadata: { ...hpa.metadata, annotations }, status }, hpa, ctx);
}

async function writeConditions(
  hpa: HorizontalPodAutoscaler,
  type: string,
  reason: string,
  message: string,
  ctx: ReconcileContext,
): Promise<void> {
  const before = hpa.status ?? { desiredReplicas: 0, currentMetrics: [] };
  const conditions = withCondition(before.conditions ?? [], type, false, reason, message, ctx.clock.now());
  await write({ ...hpa, status: { ...before, conditions } }, hpa, ctx);
}

async function write(
  next: HorizontalPodAutoscaler,
  hpa: HorizontalPodAutoscaler,
  { client }: ReconcileContext,
): Promise<void> {
  const facts = ({ metadata, status }: HorizontalPodAutoscaler) => [metadata.annotations, status];
  if (!same(facts(next), facts(hpa))) await unlessGone(client.updateStatus(horizontalPodAutoscalers, next));
}
