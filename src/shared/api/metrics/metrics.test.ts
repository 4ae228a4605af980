import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import type { ContainerUsage, PodStatistics, Usage } from '../../ports/statistics.ts';
import { openMemoryStorage } from '../../storage/memory/index.ts';
import { testServer } from '../testing/testingServer.ts';
import { createMeter } from './meter.ts';
import { rateBetween } from './rates.ts';

const usage = (at: number, cpuSeconds: number, since = 0): Usage => ({
  ...{ at, since, memoryBytes: 1024 },
  cpuNanoseconds: cpuSeconds * 1e9,
});

test.each<[string, Usage | undefined, Usage, [number, number] | undefined]>([
  ['two readings', usage(10_000, 1), usage(20_000, 6), [500_000_000, 10_000]],
  ['none before: since its start', undefined, usage(10_000, 1), [100_000_000, 10_000]],
  ['one of an earlier run', usage(10_000, 9), usage(30_000, 1, 20_000), [100_000_000, 10_000]],
  ['a counter that began anew', usage(10_000, 9), usage(20_000, 2), [100_000_000, 20_000]],
  ['too young', undefined, usage(999, 1), undefined],
  ['too soon after', usage(10_000, 1), usage(10_500, 2), undefined],
])('the rate by %s', (_, before, now, wanted) => {
  const rate = rateBetween(before, now);
  expect(rate && [rate.cpuNanocores, rate.windowMs]).toEqual(wanted);
});

/** Containers by name with the cores that each uses from its start on. */
function steady(clock: ManualClock, cores: Record<string, number>, since = clock.now()) {
  const looks = { count: 0 };
  const statistics: PodStatistics = {
    async pod() {
      looks.count++;
      const at = clock.now();
      return Object.entries(cores).map(
        ([name, amount]): ContainerUsage => ({
          ...{ name, at, since, memoryBytes: 64 * 2 ** 20 },
          cpuNanoseconds: amount * (at - since) * 1e6,
        }),
      );
    },
  };
  return { statistics, looks };
}

const podOf = (name: string, more: object = {}) => ({
  metadata: { name, namespace: 'default', uid: name, labels: { app: name } },
  spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }], ...more },
  status: { phase: 'Running' as const },
});

describe('a meter', () => {
  test('answers the same for five seconds, then measures since the last reading', async () => {
    const clock = new ManualClock();
    const { statistics, looks } = steady(clock, { c: 0.25 });
    const meter = createMeter(statistics, clock);
    await clock.advance(10_000);
    const first = await meter.pod('default', podOf('p'));
    await clock.advance(4000);
    expect(await meter.pod('default', podOf('p'))).toBe(first);
    await clock.advance(1000);
    expect(await meter.pod('default', podOf('p'))).toMatchObject([
      { name: 'c', cpuNanocores: 250_000_000, windowMs: 5000 },
    ]);
    expect(looks.count).toBe(2);
  });

  test('looks twice at what has run for long, once for all who ask', async () => {
    const clock = new ManualClock();
    const { statistics, looks } = steady(clock, { c: 0.5 });
    await clock.advance(3_600_000);
    const meter = createMeter(statistics, clock);
    const answers = Promise.all([meter.pod('default', podOf('p')), meter.pod('default', podOf('p'))]);
    while (!clock.sleeping) await new Promise(setImmediate);
    await clock.advance(1000);
    expect((await answers)[0]).toMatchObject([{ windowMs: 1000, cpuNanocores: 500_000_000 }]);
    expect(looks.count).toBe(2);
  });

  test('looks once where the reading before is kept, and goes by that one', async () => {
    const clock = new ManualClock();
    const { statistics, looks } = steady(clock, { c: 0.5 });
    await clock.advance(3_600_000);
    const before = { at: clock.now() - 60_000, cpuNanoseconds: 1_785e9 };
    const pod: PodStatistics['pod'] = async (...args) =>
      (await statistics.pod(...args)).map((each) => ({ ...each, before }));
    const meter = createMeter({ pod }, clock);
    expect(await meter.pod('default', podOf('p'))).toMatchObject([
      { windowMs: 60_000, cpuNanocores: 250_000_000 },
    ]);
    expect(looks.count).toBe(1);
  });

  test('asks again after a failure', async () => {
    const clock = new ManualClock();
    const { statistics } = steady(clock, { c: 1 });
    await clock.advance(2000);
    let fails = true;
    const pod: PodStatistics['pod'] = async (...args) => {
      if (fails) throw new Error('no /proc');
      return statistics.pod(...args);
    };
    const meter = createMeter({ pod }, clock);
    await expect(meter.pod('default', podOf('p'))).rejects.toThrow('no /proc');
    fails = false;
    expect(await meter.pod('default', podOf('p'))).toHaveLength(1);
  });
});

async function server() {
  const clock = new ManualClock();
  const { statistics } = steady(clock, { c: 0.1, side: 0.05 });
  const storage = openMemoryStorage({ clock });
  const api = await testServer({ clock, storage, meter: createMeter(statistics, clock) });
  await api.send('POST /api/v1/nodes', { body: { metadata: { name: 'n' } } });
  for (const name of ['a', 'b']) {
    const { status, ...body } = podOf(name);
    await api.send('POST /api/v1/namespaces/default/pods', { body });
    if (name === 'a')
      await api.send(`PATCH /api/v1/namespaces/default/pods/${name}/status`, {
        body: { status },
        headers: { 'content-type': 'application/merge-patch+json' },
      });
  }
  await clock.advance(15_100);
  return api;
}
const root = '/apis/metrics.k8s.io/v1beta1';

describe('metrics.k8s.io', () => {
  test('tells of each Pod that runs what its containers use', async () => {
    const { send } = await server();
    const { status, json } = await send(`GET ${root}/namespaces/default/pods`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      kind: 'PodMetricsList',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: {},
    });
    expect(json.metadata).toEqual({});
    expect(json.items).toEqual([
      {
        metadata: {
          ...{ name: 'a', namespace: 'default', labels: { app: 'a' } },
          creationTimestamp: '2026-01-01T00:00:15Z',
        },
        timestamp: '2026-01-01T00:00:15Z',
        window: '15.1s',
        containers: [
          { name: 'c', usage: { cpu: '100m', memory: '64Mi' } },
          { name: 'side', usage: { cpu: '50m', memory: '64Mi' } },
        ],
      },
    ]);
  });

  test('selects by labels and names', async () => {
    const { send } = await server();
    const names = async (query: string) =>
      (await send(`GET ${root}/pods?${query}`)).json.items.map(
        (each: { metadata: { name: string } }) => each.metadata.name,
      );
    expect(await names('labelSelector=app%3Da')).toEqual(['a']);
    expect(await names('labelSelector=app%3Dother')).toEqual([]);
    expect(await names('fieldSelector=metadata.name%3Da')).toEqual(['a']);
  });

  test('prints tables as metrics-server 0.8', async () => {
    const { send } = await server();
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const { json } = await send(`GET ${root}/namespaces/default/pods`, { headers });
    expect(json.columnDefinitions.map(({ name, format }: Record<string, string>) => [name, format])).toEqual([
      ['Name', 'name'],
      ['cpu', 'quantity'],
      ['memory', 'quantity'],
      ['Window', 'duration'],
    ]);
    expect(json.rows[0].cells).toEqual(['a', '150m', '128Mi', '15.1s']);
  });

  test('a Node that is not measured as a whole uses what its Pods use', async () => {
    const { send } = await server();
    const { json } = await send(`GET ${root}/nodes/n`);
    expect(json).toMatchObject({ kind: 'NodeMetrics', usage: { cpu: '150m', memory: '128Mi' } });
  });

  test('has metrics-server’s words for what is not there', async () => {
    const { send } = await server();
    const message = async (path: string) => (await send(`GET ${root}${path}`)).json.message;
    expect(await message('/namespaces/default/pods/x')).toBe('pods "x" not found');
    expect(await message('/namespaces/default/pods/b')).toBe(
      'podmetrics.metrics.k8s.io "default/b" not found',
    );
    expect(await message('/nodes/x')).toBe('nodes "x" not found');
    expect((await send(`POST ${root}/nodes`, { body: {} })).status).toBe(405);
  });

  test('a Node tells it as a kubelet too', async () => {
    const { send } = await server();
    const { json } = await send('GET /api/v1/nodes/n/proxy/stats/summary');
    expect(json).toMatchObject({
      node: { nodeName: 'n', cpu: { usageNanoCores: 150_000_000 } },
      pods: [
        {
          podRef: { name: 'a', namespace: 'default' },
          memory: { workingSetBytes: 128 * 2 ** 20 },
          containers: [{ name: 'c', cpu: { usageNanoCores: 100_000_000 } }, { name: 'side' }],
        },
      ],
    });
  });

  /** Figures by name and labels; whatever is not in Prometheus' format fails. */
  async function figures(path: string): Promise<Record<string, number>> {
    const { send } = await server();
    const { status, text, headers } = await send(`GET /api/v1/nodes/n/proxy${path}`);
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const found: Record<string, number> = {};
    for (const line of text.trimEnd().split('\n')) {
      if (/^# (HELP \w+ .+|TYPE \w+ (counter|gauge))$/.test(line)) continue;
      const [, name, labels = '', value] = /^([a-z_]+)(\{(?:\w+="[^"]*",?)+\})? ([\d.]+)(?: \d+)?$/.exec(
        line,
      )!;
      found[`${name}${labels}`] = Number(value);
    }
    return found;
  }

  test('a Node tells counters as a kubelet, for whoever computes rates', async () => {
    const found = await figures('/metrics/resource');
    const container = '{container="c",namespace="default",pod="a"}';
    expect(found[`container_memory_working_set_bytes${container}`]).toBe(64 * 2 ** 20);
    expect(found[`container_cpu_usage_seconds_total${container}`]).toBeGreaterThan(0);
    expect(found[`container_start_time_seconds${container}`]).toBeGreaterThan(0);
    expect(found['pod_memory_working_set_bytes{namespace="default",pod="a"}']).toBe(128 * 2 ** 20);
    expect(found.node_memory_working_set_bytes).toBe(128 * 2 ** 20);
    expect(found.node_cpu_usage_seconds_total).toBe(
      found['pod_cpu_usage_seconds_total{namespace="default",pod="a"}'],
    );
    expect(found.resource_scrape_error).toBe(0);
  });

  test('and as cAdvisor, and what it runs', async () => {
    const ofContainers = Object.keys(await figures('/metrics/cadvisor'));
    expect(ofContainers).toContainEqual(
      expect.stringMatching(
        /^container_cpu_usage_seconds_total\{cpu="total",container="c",id="\/kubepods\/.*",image=".*",name=".*",namespace="default",pod="a"\}$/,
      ),
    );
    const own = await figures('/metrics');
    expect(own['kubelet_node_name{node="n"}']).toBe(1);
    expect(own.kubelet_running_pods).toBeGreaterThan(0);
  });

  test('but not what probes found, where nobody counts that', async () => {
    const { send } = await server();
    expect((await send('GET /api/v1/nodes/n/proxy/metrics/probes')).status).toBe(405);
    expect((await send('GET /api/v1/nodes/gone/proxy/metrics/resource')).status).toBe(404);
  });

  test('is not served where nothing measures', async () => {
    const { send } = await testServer();
    expect((await send(`GET ${root}/pods`)).status).toBe(404);
    const { groups } = (await send('GET /apis')).json;
    expect(groups.map(({ name }: { name: string }) => name)).not.toContain('metrics.k8s.io');
  });
});
