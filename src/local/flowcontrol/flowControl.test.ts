import { describe, expect, test } from '@jest/globals';
import type { ApiRequest, ApiResponse, Peer } from '../../shared/api/http/message.ts';
import { emptyQuery, parseQuery } from '../../shared/api/http/target.ts';
import { testServer } from '../../shared/api/testing/testingServer.ts';
import type { Attributes } from '../../shared/auth/authorize.ts';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import type { FlowSchema, PriorityLevelConfiguration } from '../../shared/kinds/schema/types.ts';
import { prometheusMetrics } from '../../shared/observability/prometheus.ts';
import { openMemoryStorage } from '../../shared/storage/memory/index.ts';
import { type Configuration, configurationOf } from './configuration.ts';
import { counting } from './held.ts';
import { type FlowControlOptions, openFlowControl } from './index.ts';
import { seatsOf } from './seats.ts';
import { storedConfiguration } from './stored.ts';

const schema = (name: string, level: string, users: string[]): FlowSchema => ({
  metadata: { name, uid: `uid of ${name}` },
  spec: {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence: 100,
    distinguisherMethod: { type: 'ByUser' },
    rules: [
      {
        subjects: users.map((user) => ({ kind: 'User', user: { name: user } })),
        resourceRules: [
          { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true },
        ],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      },
    ],
  },
});
const level = (name: string, shares: number, limits: object = {}): PriorityLevelConfiguration => ({
  metadata: { name, uid: `uid of ${name}` },
  spec: {
    type: 'Limited',
    limited: {
      nominalConcurrencyShares: shares,
      limitResponse: { type: 'Queue', queuing: { queues: 16, handSize: 4, queueLengthLimit: 2 } },
      borrowingLimitPercent: 0,
      ...limits,
    },
  },
});
const answer: ApiResponse = { status: 200, headers: {}, body: new Uint8Array() };

/** Flow control with a level of eight seats (of which one user has six at most), whose requests are let go. */
function control(changes: Partial<FlowControlOptions> = {}) {
  const clock = new ManualClock();
  let configuration: Configuration = configurationOf([schema('s', 'l', ['jane', 'joe'])], [level('l', 9995)]);
  const flow = openFlowControl({
    configuration: async () => configuration,
    clock,
    now: () => clock.now(),
    heldOf: () => undefined,
    limits: { readOnly: 4, mutating: 4 },
    ...changes,
  });
  const held: (() => void)[] = [];
  const ask = (name: string, more: Partial<Attributes> = {}, request: Partial<ApiRequest> = {}) => {
    const attributes: Attributes = {
      ...{ cluster: 'default', verb: 'get', path: '/x' },
      user: { name, groups: name === 'admin' ? ['system:masters'] : ['system:authenticated'] },
      ...more,
    };
    const peer: Peer = { address: '127.0.0.1' };
    const asked = {
      ...{ method: 'GET', target: '/x', peer, signal: new AbortController().signal },
      header: () => undefined,
      ...request,
    } as unknown as ApiRequest;
    const served = () => new Promise<ApiResponse>((resolve) => held.push(() => resolve(answer)));
    return flow.admit({ attributes, request: asked, query: emptyQuery }, served, () => {});
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    ...{ flow, ask, clock, held, settle },
    letGo: async () => {
      for (const go of held.splice(0)) go();
      await settle();
    },
    configure: (value: Configuration) => {
      configuration = value;
    },
  };
}
const outcome = (asked: Promise<unknown>) =>
  asked.then(
    () => 'served',
    ({ details }) => `refused, again in ${details.retryAfterSeconds}`,
  );

describe('a priority level', () => {
  test('serves as many as it has seats, lets others wait, and refuses what finds its queues full', async () => {
    const { ask, held, letGo, settle } = control();
    const flood = Array.from({ length: 20 }, () => outcome(ask('jane')));
    await settle();
    expect(held).toHaveLength(6);
    const bystander = outcome(ask('joe'));
    await settle();
    expect(held).toHaveLength(7);
    await letGo();
    expect(await bystander).toBe('served');
    await letGo();
    await letGo();
    const outcomes = await Promise.all(flood);
    expect(outcomes.filter((each) => each === 'served')).toHaveLength(6 + 4 * 2);
    expect(outcomes.filter((each) => each !== 'served')).toEqual(Array(6).fill('refused, again in 1'));
  });

  test('gives up for a request after fifteen seconds, or when its client leaves', async () => {
    const { ask, held, clock, letGo, settle } = control();
    for (let n = 0; n < 6; n++) void ask('jane');
    const left = new AbortController();
    const waiting = [outcome(ask('jane')), outcome(ask('jane', {}, { signal: left.signal }))];
    await settle();
    left.abort();
    expect(await waiting[1]).toBe('refused, again in 1');
    await clock.advance(15_000);
    expect(await waiting[0]).toBe('refused, again in 1');
    expect(held).toHaveLength(6);
    await letGo();
    expect(held).toHaveLength(0);
  });

  test('frees the seat of what failed', async () => {
    const { flow } = control();
    const attributes: Attributes = {
      ...{ cluster: 'default', verb: 'get', path: '/x' },
      user: { name: 'jane', groups: [] },
    };
    const request = { method: 'GET', peer: { address: '' } } as unknown as ApiRequest;
    const failing = async () => {
      throw new Error('broken');
    };
    for (let n = 0; n < 50; n++)
      await expect(flow.admit({ attributes, request, query: emptyQuery }, failing, () => {})).rejects.toThrow(
        'broken',
      );
  });

  test('that is not configured any more serves what waits in it, and then goes', async () => {
    const { flow, ask, held, configure, letGo, settle, clock } = control();
    const all = Array.from({ length: 8 }, () => outcome(ask('jane')));
    await settle();
    configure(configurationOf([], []));
    const next = outcome(ask('jane'));
    await settle();
    // It goes by catch-all now.
    expect(held).toHaveLength(7);
    expect(flow.dump('dump_priority_levels')).toMatch(/^l, +\d, +false, +true,/m);
    await letGo();
    await letGo();
    expect(new Set([...(await Promise.all(all)), await next])).toEqual(new Set(['served']));
    await clock.advance(10_000);
    expect(flow.dump('dump_priority_levels')).not.toMatch(/^l,/m);
  });

  test('lends seats after ten seconds and has them back ten seconds after it wants them', async () => {
    const { flow, ask, clock, configure, letGo, settle } = control();
    const queuing = { queues: 16, handSize: 4, queueLengthLimit: 50 };
    const more = {
      lendablePercent: 100,
      limitResponse: { type: 'Queue', queuing },
      borrowingLimitPercent: 100,
    };
    configure(
      configurationOf(
        [schema('a', 'a', ['jane']), schema('b', 'b', ['joe'])],
        [level('a', 5000, more), level('b', 5000, more)],
      ),
    );
    const current = () => {
      const figure = flow.figures.find(({ name }) => name.endsWith('current_limit_seats'))!;
      const seats = Object.fromEntries(
        [...figure.read()].map(([labels, value]) => [labels.priority_level, value]),
      );
      return [seats.a, seats.b];
    };
    for (let n = 0; n < 40; n++) void outcome(ask('jane'));
    await settle();
    await clock.advance(10_000);
    expect(current()).toEqual([8, 0]);
    for (let n = 0; n < 40; n++) void outcome(ask('joe'));
    await settle();
    await clock.advance(10_000);
    expect(current()).toEqual([4, 4]);
    for (let n = 0; n < 20; n++) await letGo();
  });
});

test('the level exempt queues nobody, and still bounds what one program sends at once', async () => {
  const { ask, held, letGo, settle } = control();
  const flood = Array.from({ length: 5 }, () => outcome(ask('admin', {}, { header: () => 'flood' })));
  const other = [outcome(ask('admin', {}, { header: () => 'kubectl' }))];
  await settle();
  expect(held).toHaveLength(4);
  await letGo();
  expect(await Promise.all(flood)).toEqual([
    ...Array(3).fill('served'),
    ...Array(2).fill('refused, again in 1'),
  ]);
  expect(await Promise.all(other)).toEqual(['served']);
});

test('a resource that is proxied takes no seat, and logs go by no level', async () => {
  const { ask, held, settle } = control();
  const pod = { group: '', version: 'v1', plural: 'pods' };
  for (let n = 0; n < 20; n++) void ask('jane', { resource: { ...pod, subresource: 'proxy' } });
  await settle();
  expect(held).toHaveLength(20);
  const logs = Array.from({ length: 4 }, () =>
    outcome(ask('jane', { resource: { ...pod, subresource: 'log' } })),
  );
  await settle();
  expect(held).toHaveLength(23);
  expect(await logs[3]).toBe('refused, again in 1');
});

test('refusals that go on are to come again ever later', async () => {
  const { ask, clock, settle } = control();
  for (let n = 0; n < 14; n++) void ask('jane');
  await settle();
  const later: string[] = [];
  for (let second = 0; second < 6; second++) {
    for (let n = 0; n < 8; n++) later.push(await outcome(ask('jane')));
    await clock.advance(1000);
  }
  expect(later.at(-1)).toBe('refused, again in 4');
});

describe('through the API', () => {
  async function server() {
    const clock = new ManualClock();
    const metrics = prometheusMetrics();
    const { storage, heldOf } = counting(openMemoryStorage({ clock }));
    const flowControl = openFlowControl({
      configuration: storedConfiguration(storage),
      ...{ clock, now: () => clock.now(), heldOf, waited: metrics.waited },
    });
    metrics.gather(flowControl.figures);
    return testServer({ storage, flowControl, metrics });
  }
  const group = '/apis/flowcontrol.apiserver.k8s.io/v1';
  const as = (name: string) => ({ headers: { 'impersonate-user': name } });
  const uids = ({ headers }: { headers: ApiResponse['headers'] }) => [
    headers['x-kubernetes-pf-flowschema-uid'],
    headers['x-kubernetes-pf-prioritylevel-uid'],
  ];

  test('a change counts for the next request, which says what it went by, refused or not', async () => {
    const { send } = await server();
    expect(uids(await send('GET /version', as('noxu')))).toEqual([undefined, undefined]);
    const made = await send(`POST ${group}/prioritylevelconfigurations`, { body: level('l', 1) });
    const posted = await send(`POST ${group}/flowschemas`, { body: schema('s', 'l', ['noxu']) });
    const wanted = [posted.json.metadata.uid, made.json.metadata.uid];
    expect(uids(await send('GET /version', as('noxu')))).toEqual(wanted);
    const refused = await send('GET /api/v1/pods', as('noxu'));
    expect([refused.status, uids(refused)]).toEqual([403, wanted]);
    const other = uids(await send('GET /version', as('foo')));
    expect(other).toEqual([expect.any(String), expect.any(String)]);
    expect(other).not.toEqual(wanted);
    await send(`DELETE ${group}/flowschemas/s`);
    expect(uids(await send('GET /version', as('noxu')))).toEqual(other);
  });

  test('a level without seats and queues refuses, in the words of a real server', async () => {
    const { send } = await server();
    const reject = level('none', 0, { limitResponse: { type: 'Reject' } });
    await send(`POST ${group}/prioritylevelconfigurations`, { body: reject });
    await send(`POST ${group}/flowschemas`, { body: schema('s', 'none', ['noxu']) });
    expect((await send('GET /version', as('noxu'))).status).toBe(200);
    const [first, second] = await Promise.all([
      send('GET /api/v1/pods', as('noxu')),
      send('GET /version', as('noxu')),
    ]);
    expect([first.status, second.status]).toEqual([403, 429]);
    expect(second).toMatchObject({
      headers: { 'retry-after': '1' },
      json: { reason: 'TooManyRequests', message: 'Too many requests, please try again later.' },
    });
  });

  test('figures and dumps are there for those who may read them', async () => {
    const { send } = await server();
    await send('GET /version', as('jane'));
    const { text } = await send('GET /metrics');
    expect(text).toContain('apiserver_flowcontrol_nominal_limit_seats{priority_level="global-default"} 49');
    expect(text).toContain(
      'apiserver_flowcontrol_dispatched_requests_total{priority_level="global-default",flow_schema="global-default"} 1',
    );
    expect(text).toContain('apiserver_flowcontrol_request_wait_duration_seconds_count{');
    const debug = '/debug/api_priority_and_fairness/dump_priority_levels';
    expect((await send(`GET ${debug}`)).text.split('\n')[0]).toBe(
      'PriorityLevelName, ActiveQueues, IsIdle, IsQuiescing, WaitingRequests, ExecutingRequests, DispatchedRequests, RejectedRequests, TimedoutRequests, CancelledRequests',
    );
    expect((await send(`GET ${debug}`, as('jane'))).status).toBe(403);
    expect((await send('GET /debug/api_priority_and_fairness/dump_other')).status).toBe(404);
  });
});

describe('a list takes seats by what it reads', () => {
  const list = (more: Partial<Attributes> = {}): Attributes => ({
    ...{ cluster: 'default', verb: 'list', path: '' },
    user: { name: 'jane', groups: [] },
    ...more,
  });
  const held = { count: 1000, bytes: 5_000_000 };
  test.each([
    ['all of it, by the size of its parts', list(), '', held, 0, 10],
    ['at most those of its level', list(), '', held, 8, 8],
    ['a page', list(), 'limit=30', held, 8, 2],
    ['one object', list({ name: 'x' }), '', held, 8, 1],
    ['what nobody has listed yet', list(), '', undefined, 8, 1],
    ['what is empty', list(), '', { count: 0, bytes: 0 }, 8, 1],
    ['a watch that begins with all', list({ verb: 'watch' }), 'resourceVersion=0', held, 8, 8],
    ['a watch from a revision on', list({ verb: 'watch' }), 'resourceVersion=7', held, 8, 1],
    ['no list', list({ verb: 'get' }), '', held, 8, 1],
  ])('%s', (_what, attributes, query, there, most, seats) => {
    expect(seatsOf(attributes, parseQuery(query), () => there, most)).toBe(seats);
  });

  test('what is there is known by what goes through storage', async () => {
    const { storage, heldOf } = counting(openMemoryStorage({ clock: new ManualClock() }));
    const key = { cluster: 'default', resource: 'pods', namespace: 'a', name: 'x' };
    const made = await storage.create(key, () => Buffer.alloc(100));
    expect(heldOf('default', 'pods')).toBeUndefined();
    await storage.list({ cluster: 'default', resource: 'pods' });
    await storage.create({ ...key, name: 'y' }, () => Buffer.alloc(300));
    expect(heldOf('default', 'pods')).toEqual({ count: 2, bytes: 400 });
    await storage.delete(made.key, made.revision, () => Buffer.alloc(100));
    expect(heldOf('default', 'pods')).toEqual({ count: 1, bytes: 300 });
  });
});
