import type { LabelSelector, MetricSpec, MetricStatus, MetricTarget, Pod } from '../../kinds/schema/types.ts';
import { table } from '../../meta/table.ts';
import type { MetricPlace, Metrics } from '../../ports/metrics.ts';
import { milli, quantityOf } from './amounts.ts';
import { byAverage, byShare, byUtilization, byWhole, type PodsSeen, type Tolerance } from './replicas.ts';

/** Describes what is scaled, as far as reckoning needs it. */
export interface Target {
  place: MetricPlace;
  /** As the scale has it. */
  selector: string;
  /** Those that it selects. */
  pods: Pod[];
  specReplicas: number;
  statusReplicas: number;
  tolerance: Tolerance;
  now: number;
}

/** Describes how many Pods a metric asks for, or why it cannot be said. */
export type Measured =
  | { replicas: number; metric: string; status: MetricStatus }
  | { reason: string; why: string; message: string };

/** Asks for one metric and reckons. */
export async function measure(spec: MetricSpec, target: Target, metrics: Metrics): Promise<Measured> {
  const { reason, prefix } = names(spec);
  try {
    return await reckon(spec, target, metrics);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { reason, why, message: `${prefix}${why}` };
  }
}

function reckon(spec: MetricSpec, target: Target, metrics: Metrics): Promise<Measured> {
  const { object, pods, resource, containerResource, external } = spec;
  if (object) return ofObject(object, target, metrics);
  if (pods) return ofPods(pods, target, metrics);
  if (external) return ofExternal(external, target, metrics);
  const own = resource ?? containerResource;
  if (own) return ofResource(own, containerResource?.container, target, metrics);
  throw new Error(`unknown metric source type "${spec.type}"`);
}

async function ofResource(
  { name, target: wanted }: { name: string; target: MetricTarget },
  container: string | undefined,
  target: Target,
  metrics: Metrics,
): Promise<Measured> {
  const isRaw = wanted.averageValue !== undefined;
  const saying = `failed to get ${name} ${isRaw ? 'usage' : 'utilization'}`;
  const { usage, utilization, replicas } = await about(saying, async () => {
    const samples = await about(`unable to get metrics for resource ${name}`, () =>
      metrics.resource(target.place, name, container),
    );
    const seen: PodsSeen = { ...target, samples, current: target.specReplicas };
    return isRaw
      ? byAverage(seen, milli(wanted.averageValue), name)
      : byUtilization(seen, wanted.averageUtilization ?? 0, name, container);
  });
  const current = {
    averageValue: quantityOf(usage, name),
    ...(utilization !== undefined && { averageUtilization: utilization }),
  };
  const of = container === undefined ? 'resource' : 'container resource';
  return {
    replicas,
    metric: isRaw ? `${name} resource` : `${name} ${of} utilization (percentage of request)`,
    status:
      container === undefined
        ? { type: 'Resource', resource: { name, current } }
        : { type: 'ContainerResource', containerResource: { name, current, container } },
  };
}

async function ofPods(
  { metric, target: wanted }: MetricSpec['pods'] & object,
  target: Target,
  metrics: Metrics,
): Promise<Measured> {
  const samples = await about(`unable to get metric ${metric.name}`, () =>
    metrics.pods(target.place, target.selector, metric.name, metric.selector),
  );
  const seen: PodsSeen = { ...target, samples, current: target.specReplicas };
  const { replicas, usage } = byAverage(seen, milli(wanted.averageValue));
  const status = { type: 'Pods', pods: { metric, current: { averageValue: quantityOf(usage) } } };
  return { replicas, metric: `pods metric ${metric.name}`, status };
}

async function ofObject(
  { describedObject, metric, target: wanted }: MetricSpec['object'] & object,
  target: Target,
  metrics: Metrics,
): Promise<Measured> {
  const { kind, name } = describedObject;
  let usage: number;
  try {
    usage = await metrics.object(target.place, describedObject, metric.name, metric.selector);
  } catch (error) {
    // Kubernetes' controller has its words in this order.
    const where = `${kind} on ${target.place.namespace} ${name}`;
    throw new Error(`unable to get metric ${metric.name}: ${where}/${(error as Error).message}`);
  }
  const { replicas, current } = byTarget(wanted, target, usage);
  return {
    replicas,
    metric: current.value === undefined ? externalName(metric) : `${kind} metric ${metric.name}`,
    status: { type: 'Object', object: { metric, current, describedObject } },
  };
}

async function ofExternal(
  { metric, target: wanted }: MetricSpec['external'] & object,
  target: Target,
  metrics: Metrics,
): Promise<Measured> {
  const { namespace } = target.place;
  const values = await about(
    `unable to get external metric ${namespace}/${metric.name}/${goSelector(metric.selector)}`,
    () => metrics.external(target.place, metric.name, metric.selector),
  );
  const usage = values.reduce((sum, value) => sum + value, 0);
  const { replicas, current } = byTarget(wanted, target, usage);
  return {
    replicas,
    metric: externalName(metric),
    status: { type: 'External', external: { metric, current } },
  };
}

/** So much in all, or so much for each Pod. */
function byTarget(wanted: MetricTarget, target: Target, usage: number) {
  if (wanted.averageValue !== undefined) {
    const { statusReplicas, tolerance } = target;
    const { replicas, usage: share } = byShare(statusReplicas, tolerance, usage, milli(wanted.averageValue));
    return { replicas, current: { averageValue: quantityOf(share) } };
  }
  const { replicas } = byWhole({ ...target, current: target.specReplicas }, usage, milli(wanted.value));
  return { replicas, current: { value: quantityOf(usage) } };
}

async function about<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function names(spec: MetricSpec): { reason: string; prefix: string } {
  const { type, resource, containerResource, object, external } = spec;
  // Kubernetes' controller says more of an object's metric where each Pod has a share.
  const share = object?.target.averageValue && `: failed to get ${object.metric.name} object metric`;
  const outside = external?.metric.name;
  const its = external?.target.averageValue ? `${outside} external metric` : `external metric ${outside}`;
  const what = table<Record<string, string>>({
    Object: `object metric value${share ?? ''}`,
    Pods: 'pods metric value',
    Resource: `${resource?.name} resource metric value`,
    ContainerResource: `${containerResource?.container} container metric value`,
    External: `${outside} external metric value: failed to get ${its}`,
  });
  return what[type] === undefined
    ? { reason: 'InvalidMetricSourceType', prefix: '' }
    : { reason: `FailedGet${type}Metric`, prefix: `failed to get ${what[type]}: ` };
}

const externalName = ({ name, selector }: { name: string; selector?: LabelSelector }) =>
  `external metric ${name}(${goSelector(selector)})`;

/** As Go prints a selector that is a pointer. */
function goSelector(selector: LabelSelector | undefined): string {
  if (!selector) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
