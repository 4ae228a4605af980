import { beforeEach, describe, expect, test } from '@jest/globals';
import { simulatedCore } from '../../test/support/aws/simulatedCore.ts';
import { ManualClock } from '../shared/clock/manualClock.ts';
import { bootstrap } from '../shared/controllers/logicalcluster/bootstrap.ts';
import { routesOf, workAfter } from '../shared/controllers/manager/queue/routes.ts';
import { controllers } from './controllers/registry.ts';

/**
 * Is what each verb asks of DynamoDB through the whole API, in another process than the one that wrote before. A write
 * is one counter update and one transaction; its reads stand beside it.
 */
const maps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';
const services = '/api/v1/namespaces/default/services';
const json = 'application/json';
const merge = 'application/merge-patch+json';
const map = (name: string) => ({ metadata: { name }, data: { a: '1' } });
const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
const service = (type: string) => ({ metadata: { name: 's' }, spec: { type, ports: [{ port: 80 }] } });

const definition = {
  metadata: { name: 'widgets.shallop.test' },
  spec: {
    group: 'shallop.test',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
          },
        },
      },
    ],
  },
};

interface Counted {
  reads: number;
  counters: number;
  transactions: number;
}
const write = (reads: number): Counted => ({ reads, counters: 1, transactions: 1 });
const reading = (reads: number): Counted => ({ reads, counters: 0, transactions: 0 });

describe('requests to DynamoDB', () => {
  const setUp = async () => {
    const clock = new ManualClock(Date.UTC(2026, 0));
    const { core, simulator, beside } = simulatedCore(clock);
    const client = core.clients('default');
    await bootstrap(client, { env: core.environment, clock }, true);
    await call(core.handle, `POST ${maps}`, map('there'));
    const other = beside();
    // A process that is at work: it has found the ends of the logs, and what it read is no longer on its way.
    for (let i = 0; i < 4; i++) {
      await call(other.handle, `POST ${maps}?dryRun=All`, map('dry'));
      await clock.advance(1_000);
    }
    await call(other.handle, `POST ${maps}?dryRun=All`, map('dry'));
    return { clock, simulator, wrote: core.handle, handle: other.handle, beside: other };
  };
  let world: Awaited<ReturnType<typeof setUp>>;
  beforeEach(async () => {
    world = await setUp();
  });

  test.each([
    { line: `GET ${maps}/there`, costs: reading(1) },
    { line: `GET ${maps}/none`, costs: reading(1) },
    { line: 'GET /api', costs: reading(0) },
    // Whether definitions are as they were.
    { line: 'GET /apis', costs: reading(1) },
    // The namespace has to be there.
    { line: `POST ${maps}`, body: map('new'), costs: write(1) },
    // The state that is replaced.
    { line: `PUT ${maps}/there`, body: { ...map('there'), data: { a: '2' } }, costs: write(1) },
    { line: `PATCH ${maps}/there`, body: { data: { a: '2' } }, type: merge, costs: write(1) },
    { line: `PATCH ${maps}/there`, body: { data: { a: '1' } }, type: merge, costs: reading(1) },
    { line: `DELETE ${maps}/there`, costs: write(1) },
    // The namespace, the service account and, in a process that does not know them yet, PriorityClasses and LimitRanges.
    { line: `POST ${pods}`, body: pod, costs: write(11) },
    // Addresses and ports are claimed in the same transaction.
    { line: `POST ${services}`, body: service('ClusterIP'), costs: write(1) },
    { line: `POST ${services}`, body: service('LoadBalancer'), costs: write(1) },
  ])('$line: $costs', async ({ line, body, type, costs }) => {
    const { simulator, handle } = world;
    // What a cold start reads is not counted.
    await call(handle, 'GET /apis');
    simulator.requests.clear();
    expect(await call(handle, line, body, type)).toBeLessThan(405);
    expect(counted(simulator)).toEqual(costs);
  });

  test('D1: a Pod that Services may select costs no read more: one tells of them and of its namespace', async () => {
    const { simulator, handle } = world;
    const labelled = (name: string) => ({ ...pod, metadata: { name, labels: { app: name } } });
    await call(handle, `POST ${pods}`, labelled('first'));
    simulator.requests.clear();
    await call(handle, `POST ${pods}`, labelled('second'));
    expect(counted(simulator)).toEqual(write(2));
  });

  test('D4: what a Pod is judged by, its namespace and account too, is looked at by one read', async () => {
    const { handle, simulator, clock } = world;
    const costOf = async (name: string) => {
      simulator.requests.clear();
      await call(handle, `POST ${pods}`, { ...pod, metadata: { name } });
      return counted(simulator);
    };
    await costOf('first');
    expect(await costOf('second')).toEqual(write(2));
    // What it reads is remembered once nothing of it can be on its way any more.
    for (const name of ['third', 'fourth']) {
      await clock.advance(3_000);
      await costOf(name);
    }
    await clock.advance(1_000);
    expect(await costOf('fifth')).toEqual(write(1));
  });

  test('what there is to do after a deletion costs one query for its owners, and the list of quotas', async () => {
    const { simulator, handle, beside } = world;
    const key = { cluster: 'default', resource: 'configmaps', namespace: 'default', name: 'there' };
    const stored = (await beside.storage.get(key))!;
    const { uid } = JSON.parse(Buffer.from(stored.value).toString()).metadata;
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'there', uid }];
    await call(handle, `POST ${pods}`, { ...pod, metadata: { name: 'p', ownerReferences } });
    simulator.requests.clear();
    const offer = { stored, deleted: true };
    const work = await workAfter(routesOf(controllers), offer, beside.clients('default'));
    expect(work).toMatchObject([{ controller: 'garbage-collector', name: 'pods|p' }]);
    // The list is kept: one look at the log tells that it is as it was.
    expect(counted(simulator)).toEqual(reading(1 + 1));
  });

  test('D4: who is not of system:masters costs one read more, once a second', async () => {
    const { clock, simulator, handle } = world;
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
    const apiGroup = 'rbac.authorization.k8s.io';
    const rule = { verbs: ['get'], apiGroups: [''], resources: ['configmaps'] };
    await call(handle, `POST ${rbac}/roles`, { metadata: { name: 'r' }, rules: [rule] });
    await call(handle, `POST ${rbac}/rolebindings`, {
      metadata: { name: 'r' },
      subjects: [{ kind: 'User', name: 'test' }],
      roleRef: { apiGroup, kind: 'Role', name: 'r' },
    });
    const get = async () => {
      simulator.requests.clear();
      expect(await call(handle, `GET ${maps}/there`, undefined, json, [])).toBe(200);
      return counted(simulator);
    };
    await get();
    expect(await get()).toEqual(reading(1));
    await clock.advance(1_000);
    expect(await get()).toEqual(reading(1 + 1));
    expect(await get()).toEqual(reading(1));
  });

  test('D4: whether a policy, a webhook or a quota has a say, the read of the namespace tells as well', async () => {
    const { clock, simulator, handle } = world;
    const put = async (name: string) => {
      simulator.requests.clear();
      expect(await call(handle, `POST ${maps}`, map(name))).toBe(201);
      return counted(simulator);
    };
    await clock.advance(1_000);
    expect(await put('a')).toEqual(write(1));
    expect(await put('b')).toEqual(write(1));
  });

  test('a custom object costs one read more, which tells whether definitions are as they were', async () => {
    const { simulator, handle, wrote } = world;
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const widgets = '/apis/shallop.test/v1/namespaces/default/widgets';
    const widget = {
      apiVersion: 'shallop.test/v1',
      kind: 'Widget',
      metadata: { name: 'w' },
      spec: { size: 1 },
    };
    expect(await call(handle, `POST ${definitions}`, definition)).toBe(201);
    expect(await call(handle, `POST ${widgets}`, widget)).toBe(201);
    const costs = async (ask: Handle, line: string, body?: object) => {
      simulator.requests.clear();
      expect(await call(ask, line, body, merge)).toBe(200);
      return counted(simulator);
    };
    expect(await costs(handle, `GET ${widgets}/w`)).toEqual(reading(1 + 1));
    expect(await costs(handle, `PATCH ${widgets}/w`, { spec: { size: 2 } })).toEqual(write(1 + 1));
    expect(await costs(handle, `GET ${maps}/there`)).toEqual(reading(1));
    // Another process lists definitions once, and misses no change of them.
    expect(await call(wrote, `GET ${widgets}/w`)).toBe(200);
    expect(await costs(wrote, `GET ${widgets}/w`)).toEqual(reading(1 + 1));
    await call(handle, `DELETE ${definitions}/widgets.shallop.test`);
    // Its objects are still to go.
    expect(await call(wrote, `POST ${widgets}`, widget)).toBe(403);
  });

  test('D4: a policy and a role that were made are in force for the next request in any process', async () => {
    const { clock, simulator, wrote } = world;
    // As the function of the API has it.
    const front = simulatedCore(clock, { trustedMs: 0 }, simulator).beside().handle;
    const post = (name: string) => call(front, `POST ${maps}`, map(name));
    const getAsUser = () => call(front, `GET ${maps}/there`, undefined, json, []);
    const made = async (path: string, body: object) =>
      expect(await call(wrote, `POST ${path}`, body)).toBe(201);
    // It has looked at all of it, and goes by one read from then on.
    for (let i = 0; i < 6; i++) {
      expect([await post(`before-${i}`), await getAsUser()]).toEqual([201, 403]);
      await clock.advance(1_000);
    }
    simulator.requests.clear();
    expect(await post('last')).toBe(201);
    expect(counted(simulator)).toEqual(write(1));

    const admission = '/apis/admissionregistration.k8s.io/v1';
    const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] };
    await made(`${admission}/validatingadmissionpolicies`, {
      metadata: { name: 'no' },
      spec: { matchConstraints: { resourceRules: [rule] }, validations: [{ expression: 'false' }] },
    });
    expect(await post('unbound')).toBe(201);
    const binding = `${admission}/validatingadmissionpolicybindings`;
    await made(binding, {
      metadata: { name: 'no' },
      spec: { policyName: 'no', validationActions: ['Deny'] },
    });
    expect(await post('refused')).toBe(422);
    expect(await call(wrote, `DELETE ${binding}/no`)).toBe(200);
    expect(await post('after')).toBe(201);

    const apiGroup = 'rbac.authorization.k8s.io';
    const rbac = `/apis/${apiGroup}/v1/namespaces/default`;
    const may = { verbs: ['get'], apiGroups: [''], resources: ['configmaps'] };
    await made(`${rbac}/roles`, { metadata: { name: 'r' }, rules: [may] });
    const subjects = [{ kind: 'User', name: 'test' }];
    const roleRef = { apiGroup, kind: 'Role', name: 'r' };
    await made(`${rbac}/rolebindings`, { metadata: { name: 'r' }, subjects, roleRef });
    expect(await getAsUser()).toBe(200);
    expect(await call(wrote, `DELETE ${rbac}/rolebindings/r`)).toBe(200);
    expect(await getAsUser()).toBe(403);
  });

  test('D4: a write of what is seldom written says so by one more write', async () => {
    const { simulator, handle } = world;
    simulator.requests.clear();
    const account = { metadata: { name: 'a' } };
    expect(await call(handle, `POST ${maps.replace('configmaps', 'serviceaccounts')}`, account)).toBe(201);
    expect(simulator.count('PutItem')).toBe(1);
    simulator.requests.clear();
    expect(await call(handle, `POST ${maps}`, map('m'))).toBe(201);
    expect(simulator.count('PutItem')).toBe(0);
  });

  test('a named cluster costs one read more, which tells whether it is there', async () => {
    const { simulator, handle } = world;
    await call(handle, 'POST /apis/shallop.dev/v1/logicalclusters', { metadata: { name: 'red' } });
    simulator.requests.clear();
    await call(handle, `GET /clusters/red${maps}/none`);
    expect(counted(simulator)).toEqual(reading(2));
  });
});

type Simulator = ReturnType<typeof simulatedCore>['simulator'];
const counted = (simulator: Simulator): Counted => ({
  reads: simulator.count('GetItem') + simulator.count('Query'),
  counters: simulator.count('UpdateItem'),
  transactions: simulator.count('TransactWriteItems'),
});

type Handle = ReturnType<typeof simulatedCore>['core']['handle'];

async function call(
  handle: Handle,
  line: string,
  body?: object,
  type = json,
  groups = ['system:masters'],
): Promise<number> {
  const [method = '', target = ''] = line.split(' ');
  const { status } = await handle({
    method,
    target,
    header: (name) => (name === 'content-type' && body ? type : undefined),
    headersBeginning: () => [],
    body: async () => Buffer.from(body ? JSON.stringify(body) : ''),
    peer: { address: 'test', internal: { user: 'test', groups } },
    signal: new AbortController().signal,
  });
  return status;
}
