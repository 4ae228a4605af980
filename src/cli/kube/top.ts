import { cpuText, memoryText, milliOf, sumOf } from '../amounts.ts';
import { isNotFound } from './failure.ts';
import type { KubeObject } from './objects.ts';
import { Columns } from './print/columns.ts';
import { getObject, listObjects, type Selection } from './read.ts';
import type { Scene } from './scene.ts';
import { resourceNamed } from './targets.ts';

interface Usage {
  cpu?: string;
  memory?: string;
}

interface PodMetrics extends KubeObject {
  containers: { name: string; usage: Usage }[];
}

interface NodeMetrics extends KubeObject {
  usage: Usage;
}

/** In billionths of a core, and of a byte. */
interface Measured {
  cpu: bigint;
  memory: bigint;
}

/** Shows what Pods or Nodes use. */
export async function runTop(
  scene: Scene,
  what: 'pods' | 'nodes',
  name: string | undefined,
): Promise<number> {
  const { call, namespace } = scene;
  const sortBy = call.text('sort-by');
  if (sortBy && sortBy !== 'cpu' && sortBy !== 'memory')
    throw new Error('--sort-by accepts only cpu or memory');
  const labels = call.text('selector');
  if (name && (labels !== undefined || call.text('field-selector') !== undefined))
    throw new Error('only one of NAME or selector can be provided');
  const selection = {
    namespace: call.flag('all-namespaces') || what === 'nodes' ? undefined : namespace,
    labels,
    fields: call.text('field-selector'),
  };
  const metrics = await metricsOf(scene, what, name, selection);
  if (!metrics.length) return nothing(scene, what, name, selection);
  const rows =
    what === 'nodes'
      ? await nodeRows(scene, metrics as NodeMetrics[])
      : podRows(scene, metrics as PodMetrics[]);
  // Each value is followed by a tab, the last one too.
  for (const line of new Columns().rows(rows.map((row) => [...row, '']))) scene.io.out(line);
  return 0;
}

async function metricsOf(
  { connection, ...scene }: Scene,
  what: 'pods' | 'nodes',
  name: string | undefined,
  selection: Selection,
): Promise<KubeObject[]> {
  const resources = await scene.resources();
  const resource = resources.find(({ group, plural }) => group === 'metrics.k8s.io' && plural === what);
  if (!resource) throw new Error('Metrics API not available');
  if (!name) return (await listObjects(connection, resource, selection)).items;
  const found = await getObject(connection, resource, selection.namespace, name).catch((error) => {
    if (!isNotFound(error) || what === 'nodes') throw error;
    return undefined;
  });
  return found ? [found] : [];
}

/** Tells that there are no Pods. @throws where there are some: nobody has measured them yet. */
async function nothing(
  { connection, io, ...scene }: Scene,
  what: 'pods' | 'nodes',
  name: string | undefined,
  selection: Selection,
): Promise<number> {
  const resource = resourceNamed(what, await scene.resources());
  const { namespace } = selection;
  if (name) await getObject(connection, resource, namespace, name);
  else if (what === 'pods' && !(await listObjects(connection, resource, selection)).items.length) {
    io.err(`No resources found${namespace === undefined ? '' : ` in ${namespace} namespace.`}`);
    return 0;
  }
  throw new Error('metrics not available yet');
}

const measured = (usages: Usage[]): Measured => ({
  cpu: sumOf(usages.map(({ cpu }) => cpu)),
  memory: sumOf(usages.map(({ memory }) => memory)),
});

interface Line {
  names: string[];
  use: Measured;
}

function sorted(lines: Line[], sortBy: string | undefined): Line[] {
  const key = ({ names }: Line) => names.join('\0');
  return lines.sort((a, b) => {
    const difference =
      sortBy === 'cpu' ? b.use.cpu - a.use.cpu : sortBy === 'memory' ? b.use.memory - a.use.memory : 0n;
    return difference ? Number(difference > 0n) * 2 - 1 : key(a) < key(b) ? -1 : 1;
  });
}

async function nodeRows(scene: Scene, metrics: NodeMetrics[]): Promise<string[][]> {
  const { call, connection } = scene;
  const nodes = resourceNamed('nodes', await scene.resources());
  const { items } = await listObjects<KubeObject & { status?: { allocatable?: Usage; capacity?: Usage } }>(
    connection,
    nodes,
    { labels: call.text('selector') },
  );
  const lines = sorted(
    metrics.map(({ metadata, usage }) => ({ names: [metadata.name], use: measured([usage]) })),
    call.text('sort-by'),
  );
  const share = (used: bigint, all: bigint) =>
    `${all ? Math.trunc((Number(milliOf(used)) / Number(milliOf(all))) * 100) : 0}%`;
  const head = ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'];
  return [
    ...(call.flag('no-headers') ? [] : [head]),
    ...lines.map(({ names, use }) => {
      const { status } = items.find(({ metadata }) => metadata.name === names[0]) ?? {};
      const all = measured([(call.flag('show-capacity') ? status?.capacity : status?.allocatable) ?? {}]);
      return [
        names[0]!,
        cpuText(use.cpu),
        share(use.cpu, all.cpu),
        memoryText(use.memory),
        share(use.memory, all.memory),
      ];
    }),
  ];
}

function podRows({ call }: Scene, metrics: PodMetrics[]): string[][] {
  const [withNamespace, byContainer] = [call.flag('all-namespaces'), call.flag('containers')];
  const placeOf = ({ metadata }: PodMetrics) => [
    ...(withNamespace ? [metadata.namespace ?? ''] : []),
    metadata.name,
  ];
  const pods = sorted(
    metrics.map((pod) => ({
      names: placeOf(pod),
      use: measured(pod.containers.map(({ usage }) => usage)),
    })),
    call.text('sort-by'),
  );
  const containersOf = ({ names }: Line): Line[] => {
    const pod = metrics.find((each) => placeOf(each).join('\0') === names.join('\0'))!;
    const lines = pod.containers.map(({ name, usage }) => ({ names: [name], use: measured([usage]) }));
    return sorted(lines, call.text('sort-by')).map((line) => ({ ...line, names: [...names, ...line.names] }));
  };
  const lines = byContainer ? pods.flatMap(containersOf) : pods;
  const head = [
    ...(withNamespace ? ['NAMESPACE'] : []),
    ...(byContainer ? ['POD'] : []),
    ...['NAME', 'CPU(cores)', 'MEMORY(bytes)'],
  ];
  const row = ({ names, use }: Line) => [...names, cpuText(use.cpu), memoryText(use.memory)];
  return [
    ...(call.flag('no-headers') ? [] : [head]),
    ...lines.map(row),
    ...totalOf(call.flag('sum'), head, pods),
  ];
}

function totalOf(isWanted: boolean, head: string[], pods: Line[]): string[][] {
  if (!isWanted) return [];
  const blank = head.slice(0, -2).map(() => '');
  const total = pods.reduce(
    (sum, { use }) => ({ cpu: sum.cpu + use.cpu, memory: sum.memory + use.memory }),
    measured([]),
  );
  return [
    [...blank, '________', '________'],
    [...blank, cpuText(total.cpu), memoryText(total.memory)],
  ];
}
