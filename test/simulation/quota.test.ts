import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openDynamoStorage } from '../../src/aws/drivers/dynamodb/index.ts';
import { openLmdbStorage } from '../../src/local/drivers/lmdb/index.ts';
import { testServer } from '../../src/shared/api/testing/testingServer.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { Storage } from '../../src/shared/ports/storage.ts';
import { openMemoryStorage } from '../../src/shared/storage/memory/index.ts';
import { Simulator } from '../support/dynamodb/simulator.ts';

const folder = mkdtempSync(join(tmpdir(), 'shallop-quota-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const space = '/api/v1/namespaces/default';
/** Each gives the storages of the processes that write. */
const storages: [string, () => Promise<Storage[]>][] = [
  ['memory', async () => [openMemoryStorage({ clock: new ManualClock() })]],
  [
    'LMDB',
    async () => [
      await openLmdbStorage({ clock: new ManualClock(), dir: mkdtempSync(join(folder, 'data-')) }),
    ],
  ],
  ['16 processes on one table of DynamoDB, simulated', async () => onOneTable(16)],
];

function onOneTable(processes: number): Storage[] {
  const ids = seededIds(1);
  // A process that was beaten to it waits for a moment before it tries again.
  const clock = systemClock;
  const simulator = new Simulator({ clock, ids });
  return Array.from({ length: processes }, () =>
    openDynamoStorage({ client: simulator.connect().client, table: 'shallop', clock, ids }),
  );
}

/** A server with a quota that has been counted. */
async function limited(hard: Record<string, string>, storage?: Storage, spec: object = {}) {
  const server = await testServer(storage && { storage });
  await server.send(`POST ${space}/resourcequotas`, {
    body: { metadata: { name: 'q' }, spec: { hard, ...spec } },
  });
  const used = Object.fromEntries(Object.keys(hard).map((name) => [name, '0']));
  const headers = { 'content-type': 'application/merge-patch+json' };
  const body = { status: { hard, used } };
  expect((await server.send(`PATCH ${space}/resourcequotas/q/status`, { headers, body })).status).toBe(200);
  const usedNow = async () => (await server.send(`GET ${space}/resourcequotas/q`)).json.status.used;
  return { ...server, used: usedNow };
}

const pod = (name: string, resources: object = {}) => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'a:1', resources }] },
});

test.each(storages)(
  '16 writers at once never exceed a quota, and use all of it (%s)',
  async (_name, open) => {
    const opened = await open();
    try {
      const { send, used } = await limited({ 'requests.cpu': '1', pods: '100' }, opened[0]);
      const others = await Promise.all(opened.slice(1).map((storage) => testServer({ storage })));
      const writers = [send, ...others.map((server) => server.send)];
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, i) =>
          writers[i % writers.length]!(`POST ${space}/pods`, {
            body: pod(`p${i}`, { requests: { cpu: '100m' } }),
          }),
        ),
      );
      const made = answers.filter(({ status }) => status === 201);
      expect(made).toHaveLength(10);
      for (const { json, status } of answers)
        if (status !== 201)
          expect(json.message).toMatch(
            /^pods "p\d+" is forbidden: exceeded quota: q, requested: requests.cpu=100m, used: requests.cpu=1, limited: requests.cpu=1$/,
          );
      expect(await used()).toEqual({ pods: '10', 'requests.cpu': '1' });
    } finally {
      for (const storage of opened) await storage.close();
    }
  },
);

test('whatever writers ask for at once, what they got is what is used', async () => {
  const amounts = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 2, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(amounts, async (wanted) => {
      const { send, used } = await limited({ 'requests.cpu': '1500m' });
      const answers = await Promise.all(
        wanted.map((amount, i) =>
          send(`POST ${space}/pods`, { body: pod(`p${i}`, { requests: { cpu: `${amount}m` } }) }),
        ),
      );
      const got = wanted.reduce((sum, each, i) => sum + (answers[i]!.status === 201 ? each : 0), 0);
      const now = (await used())['requests.cpu'];
      expect(now.endsWith('m') ? Number.parseInt(now, 10) : Number(now) * 1000).toBe(got);
      expect(got).toBeLessThanOrEqual(1500);
      // Nobody was refused what fitted in the end.
      for (const [i, each] of wanted.entries())
        if (answers[i]!.status !== 201) expect(got + each).toBeGreaterThan(1500);
    }),
    { numRuns: 15 },
  );
});

test('a dry run is refused as any other write, and uses nothing', async () => {
  const { send, used } = await limited({ 'count/configmaps': '1' });
  const make = (name: string, query = '') =>
    send(`POST ${space}/configmaps${query}`, { body: { metadata: { name } } });
  expect((await make('a', '?dryRun=All')).status).toBe(201);
  expect(await used()).toEqual({ 'count/configmaps': '0' });
  expect((await make('a')).status).toBe(201);
  expect((await make('b', '?dryRun=All')).json.message).toBe(
    'configmaps "b" is forbidden: exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=1, limited: count/configmaps=1',
  );
});

test('containers must say what a quota is about', async () => {
  const { send } = await limited({ 'limits.memory': '1Gi', 'requests.cpu': '1' });
  expect((await send(`POST ${space}/pods`, { body: pod('p') })).json.message).toBe(
    'pods "p" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c',
  );
});

test('nothing comes under a quota that has not been counted yet', async () => {
  const { send } = await testServer();
  const body = { metadata: { name: 'q' }, spec: { hard: { secrets: '1' } } };
  await send(`POST ${space}/resourcequotas`, { body });
  const headers = { 'content-type': 'application/merge-patch+json' };
  await send(`PATCH ${space}/resourcequotas/q/status`, {
    headers,
    body: { status: { hard: { secrets: '1' } } },
  });
  expect((await send(`POST ${space}/secrets`, { body: { metadata: { name: 's' } } })).json.message).toBe(
    'secrets "s" is forbidden: status unknown for quota: q, resources: secrets',
  );
});

test('a Service is charged for what it turns into', async () => {
  const { send, used } = await limited({ services: '2', 'services.nodeports': '1' });
  const ports = [
    { name: 'a', port: 80 },
    { name: 'b', port: 81 },
  ];
  await send(`POST ${space}/services`, { body: { metadata: { name: 's' }, spec: { ports } } });
  const headers = { 'content-type': 'application/merge-patch+json' };
  const turn = (spec: object) => send(`PATCH ${space}/services/s`, { headers, body: { spec } });
  expect((await turn({ type: 'NodePort' })).json.message).toMatch(
    /exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1$/,
  );
  expect((await turn({ type: 'NodePort', ports: [ports[0]] })).status).toBe(200);
  expect(await used()).toEqual({ services: '1', 'services.nodeports': '1' });
});

test.each<[object, string]>([
  [{ hard: { disks: '1' } }, 'must be a standard resource for quota'],
  [{ hard: { pods: '1500m' } }, 'spec.hard[pods]: Invalid value: "1500m": must be an integer'],
  [{ hard: { cpu: '-1' } }, 'spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
  [
    { hard: { cpu: '1' }, scopes: ['BestEffort'] },
    'spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource',
  ],
  [
    { hard: { pods: '1' }, scopes: ['Terminating', 'NotTerminating'] },
    'spec.scopes: Invalid value: ["Terminating","NotTerminating"]: conflicting scopes',
  ],
  [
    {
      hard: { pods: '1' },
      scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In' }] },
    },
    "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
  ],
])('a quota of %j is refused: %s', async (spec, why) => {
  const { send } = await testServer();
  const { json } = await send(`POST ${space}/resourcequotas`, { body: { metadata: { name: 'q' }, spec } });
  expect(json).toMatchObject({ code: 422, message: expect.stringContaining(why) });
});
