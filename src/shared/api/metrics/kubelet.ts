import type { ContainerStatus, Pod } from '../../kinds/schema/types.ts';
import { qosClassOf } from '../../meta/qos.ts';
import { parseQuantity } from '../../meta/quantity.ts';
import { expose, type Family, type Sample } from '../../observability/exposition.ts';
import type { ContainerUsage, Usage } from '../../ports/statistics.ts';
import type { Call } from '../request.ts';
import { parseJson } from '../served.ts';
import { measuring } from './whole.ts';

/** A Pod of a node with what its containers have used. */
interface MeasuredPod {
  pod: Pod;
  usages: ContainerUsage[];
}

/** What a kubelet's `/metrics/resource` tells: what the node, its Pods and their containers have used. */
export async function resourceMetrics(call: Pick<Call, 'deps' | 'cluster'>, node: string): Promise<string> {
  const pods = await measuredOn(call, node);
  const whole = (await call.deps.meter?.nodeUsage(node)) ?? sumOf(pods.flatMap(({ usages }) => usages));
  const ofContainer = (read: (usage: ContainerUsage) => Figure) =>
    pods.flatMap(({ pod, usages }) =>
      usages.map((usage) => sample(read(usage), { container: usage.name, ...namesOf(pod) })),
    );
  const ofPod = (read: (usage: Usage) => Figure) =>
    pods.flatMap(({ pod, usages }) => {
      const sum = sumOf(usages);
      return sum ? [sample(read(sum), namesOf(pod))] : [];
    });
  const ofNode = (read: (usage: Usage) => Figure) => (whole ? [sample(read(whole), {})] : []);
  const read = 'Cumulative cpu time consumed by the';
  return expose([
    counter(
      'container_cpu_usage_seconds_total',
      `[STABLE] ${read} container in core-seconds`,
      ofContainer(cpu),
    ),
    gauge(
      'container_memory_working_set_bytes',
      '[STABLE] Current working set of the container in bytes',
      ofContainer(memory),
    ),
    gauge(
      'container_start_time_seconds',
      '[STABLE] Start time of the container since unix epoch in seconds',
      ofContainer(({ since }) => ({ value: since / 1000 })),
    ),
    counter('node_cpu_usage_seconds_total', `[STABLE] ${read} node in core-seconds`, ofNode(cpu)),
    gauge(
      'node_memory_working_set_bytes',
      '[STABLE] Current working set of the node in bytes',
      ofNode(memory),
    ),
    counter('pod_cpu_usage_seconds_total', `[STABLE] ${read} pod in core-seconds`, ofPod(cpu)),
    gauge('pod_memory_working_set_bytes', '[STABLE] Current working set of the pod in bytes', ofPod(memory)),
    gauge(
      'resource_scrape_error',
      '[STABLE] 1 if there was an error while getting container metrics, 0 otherwise',
      [{ labels: {}, value: 0 }],
    ),
  ]);
}

/** What of a kubelet's `/metrics/cadvisor` is known here: CPU, memory and limits of containers. */
export async function containerMetrics(call: Pick<Call, 'deps' | 'cluster'>, node: string): Promise<string> {
  const pods = await measuredOn(call, node);
  const each = (read: (usage: ContainerUsage, container: Limits) => Figure | undefined, more: Labels = {}) =>
    pods.flatMap(({ pod, usages }) =>
      usages.flatMap((usage) => {
        const figure = read(usage, limitsOf(pod, usage.name));
        return figure ? [sample(figure, { ...more, ...cadvisorLabels(pod, usage.name) })] : [];
      }),
    );
  return expose([
    counter(
      'container_cpu_usage_seconds_total',
      'Cumulative cpu time consumed in seconds.',
      each(cpu, { cpu: 'total' }),
    ),
    gauge(
      'container_last_seen',
      'Last time a container was seen by the exporter',
      each(({ at }) => ({ value: at / 1000, at })),
    ),
    gauge('container_memory_working_set_bytes', 'Current working set in bytes.', each(memory)),
    gauge(
      'container_spec_cpu_period',
      'CPU period of the container.',
      each((_, { cpuMillis }) => (cpuMillis === undefined ? undefined : { value: cpuPeriod })),
    ),
    gauge(
      'container_spec_cpu_quota',
      'CPU quota of the container.',
      each((_, { cpuMillis }) =>
        cpuMillis === undefined ? undefined : { value: (cpuMillis * cpuPeriod) / 1000 },
      ),
    ),
    gauge(
      'container_spec_memory_limit_bytes',
      'Memory limit for the container.',
      each((_, { memoryBytes }) => ({ value: memoryBytes ?? 0 })),
    ),
    gauge(
      'container_start_time_seconds',
      'Start time of the container since unix epoch in seconds.',
      each(({ since, at }) => ({ value: since / 1000, at })),
    ),
  ]);
}

/** What of a kubelet's own `/metrics` is known here: its name, its Pods and their containers. */
export async function kubeletMetrics(call: Pick<Call, 'deps' | 'cluster'>, node: string): Promise<string> {
  const pods = (await measuring(call).podsOn(node)).map(({ value }) => parseJson(value) as unknown as Pod);
  const running = pods.filter(({ status }) => status?.phase === 'Running');
  const states = pods
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .map(stateOf);
  const counts = [...Map.groupBy(states, (state) => state)].map(([state, all]) => ({
    labels: { container_state: state },
    value: all.length,
  }));
  return expose([
    gauge('kubelet_node_name', "[ALPHA] The node's name. The count is always 1.", [
      { labels: { node }, value: 1 },
    ]),
    gauge('kubelet_running_containers', '[ALPHA] Number of containers currently running', counts),
    gauge('kubelet_running_pods', '[ALPHA] Number of pods that have a running pod sandbox', [
      { labels: {}, value: running.length },
    ]),
  ]);
}

const stateOf = ({ state }: ContainerStatus): string =>
  state?.running ? 'running' : state?.terminated ? 'exited' : 'created';

type Figure = Pick<Sample, 'value' | 'at'>;
type Labels = Record<string, string>;

const cpu = ({ cpuNanoseconds, at }: Usage): Figure => ({ value: cpuNanoseconds / 1e9, at });
const memory = ({ memoryBytes, at }: Usage): Figure => ({ value: Math.round(memoryBytes), at });
const sample = (figure: Figure, labels: Labels): Sample => ({ labels, ...figure });
const counter = (name: string, help: string, samples: Sample[]): Family => ({
  name,
  help,
  type: 'counter',
  samples,
});
const gauge = (name: string, help: string, samples: Sample[]): Family => ({
  name,
  help,
  type: 'gauge',
  samples,
});

const namesOf = ({ metadata: { namespace = '', name = '' } }: Pod): Labels => ({ namespace, pod: name });

function cadvisorLabels(pod: Pod, container: string): Labels {
  const { uid = '' } = pod.metadata;
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const status = [...initContainerStatuses, ...containerStatuses].find(({ name }) => name === container);
  const id = status?.containerID?.replace(/^.*:\/\//, '') ?? '';
  const qos = pod.spec ? qosClassOf(pod.spec).toLowerCase() : '';
  const folder = qos === 'guaranteed' ? '' : `/${qos}`;
  return {
    container,
    id: `/kubepods${folder}/pod${uid}/${id}`,
    image: status?.image ?? '',
    name: id,
    ...namesOf(pod),
  };
}

/** Microseconds by which quotas of CPU are counted. */
const cpuPeriod = 100_000;

interface Limits {
  cpuMillis?: number;
  memoryBytes?: number;
}

function limitsOf({ spec }: Pod, name: string): Limits {
  const found = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].find(
    (each) => each.name === name,
  );
  const { cpu: ofCpu, memory: ofMemory } = found?.resources?.limits ?? {};
  const nanos = (quantity: string | number) => Number(parseQuantity(quantity) ?? 0n);
  return {
    ...(ofCpu !== undefined && { cpuMillis: nanos(ofCpu) / 1e6 }),
    ...(ofMemory !== undefined && { memoryBytes: nanos(ofMemory) / 1e9 }),
  };
}

async function measuredOn(call: Pick<Call, 'deps' | 'cluster'>, node: string): Promise<MeasuredPod[]> {
  const { meter } = call.deps;
  const stored = await measuring(call).podsOn(node);
  const pods = stored.map(({ value }) => parseJson(value) as unknown as Pod);
  const running = pods.filter(({ status }) => status?.phase === 'Running');
  return Promise.all(
    running.map(async (pod) => ({ pod, usages: (await meter?.usages(call.cluster, pod)) ?? [] })),
  );
}

/** What containers have used together since the first of them began. */
function sumOf(usages: readonly Usage[]): Usage | undefined {
  if (!usages.length) return undefined;
  return {
    at: Math.min(...usages.map(({ at }) => at)),
    since: Math.min(...usages.map(({ since }) => since)),
    cpuNanoseconds: usages.reduce((sum, each) => sum + each.cpuNanoseconds, 0),
    memoryBytes: usages.reduce((sum, each) => sum + each.memoryBytes, 0),
  };
}
