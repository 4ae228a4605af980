import { beforeEach, describe, expect, test } from '@jest/globals';
import { taskMetadata } from '../../../test/support/aws/fakeTaskMetadata.ts';
import { simulatedCore } from '../../../test/support/aws/simulatedCore.ts';
import type { Client } from '../../shared/client/client.ts';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import { bootstrap } from '../../shared/controllers/logicalcluster/bootstrap.ts';
import { pods, serviceAccounts } from '../../shared/controllers/resources.ts';
import { ApiError } from '../../shared/errors/apiError.ts';
import type { Pod } from '../../shared/kinds/schema/types.ts';
import { bootAudience } from '../../shared/ports/accountTokens.ts';
import type { AwsCore } from '../core.ts';

const config = { deployment: 'test', table: 'shallop' };
let clock: ManualClock;
let core: AwsCore;
let client: Client;
let boot: string;

async function open(podMetrics?: number) {
  clock = new ManualClock(Date.UTC(2026, 10, 30));
  core = simulatedCore(clock, { config: { ...config, ...(podMetrics && { podMetrics }) } }).core;
  client = core.clients('default');
  await bootstrap(client, { env: core.environment, clock }, true);
  const metadata = { namespace: 'default', name: 'app' };
  const account = await client.create(serviceAccounts, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata,
  });
  const asked = { audience: bootAudience, expirationSeconds: 3_600 };
  boot = await core.environment.issueToken('default', account, asked);
}
beforeEach(() => open(60));

async function runningPod(name: string): Promise<Pod> {
  const pod = await client.create(pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name },
    spec: {
      serviceAccountName: 'app',
      nodeName: 'n',
      automountServiceAccountToken: false,
      containers: [{ name: 'c', image: 'i' }],
    },
  });
  return client.updateStatus(pods, { ...pod, status: { phase: 'Running' } });
}

interface Asked {
  /** Absent: an administrator in the process. */
  token?: string;
  method?: string;
  body?: string | object;
}

async function ask(target: string, { token, body, method = body ? 'POST' : 'GET' }: Asked = {}) {
  const all: Record<string, string> = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body && { 'content-type': 'application/json' }),
  };
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  const answer = await core.handle({
    method,
    target,
    header: (name) => all[name],
    headersBeginning: () => [],
    body: async (limit) => {
      if (bytes.length <= limit) return bytes;
      throw new ApiError('RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
    },
    peer: { address: 'a Pod', ...(!token && { internal: { user: 'admin', groups: ['system:masters'] } }) },
    signal: new AbortController().signal,
  });
  const text = Buffer.from((answer.body as Uint8Array | undefined) ?? '').toString();
  return { status: answer.status, object: text.startsWith('{') ? JSON.parse(text) : text };
}

/** As the first container of a task asks for it. */
async function boundTo({ metadata: { name, uid } }: Pod): Promise<string> {
  const { status, object } = await ask('/api/v1/namespaces/default/serviceaccounts/app/token', {
    token: boot,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { audiences: [bootAudience], boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid } },
    },
  });
  if (status !== 201) throw new Error(object.message);
  return object.status.token;
}

/** What its containers have used since they started when the clock began. */
const useOf = (cpuSeconds: number) => {
  const used = { at: clock.now(), cpuNanoseconds: cpuSeconds * 1e9, memoryBytes: 64 * 2 ** 20 };
  const startedAt = Date.UTC(2026, 10, 30);
  return taskMetadata(['c', 'shallop-tokens'].map((name) => ({ name, startedAt, used })));
};
const tell = (token: string, body: string | object) => ask('/podusage', { token, body });
const measured = async (name: string) =>
  (await ask(`/apis/metrics.k8s.io/v1beta1/namespaces/default/pods/${name}`)).object;

test('what a Pod tells of itself is what metrics.k8s.io tells of it, by its last minute', async () => {
  const token = await boundTo(await runningPod('web'));
  expect((await measured('web')).message).toBe('podmetrics.metrics.k8s.io "default/web" not found');
  await clock.advance(20_000);
  expect(await tell(token, useOf(2))).toMatchObject({ status: 200, object: { status: 'Success' } });
  expect(await measured('web')).toMatchObject({
    window: '20s',
    containers: [{ name: 'c', usage: { cpu: '100m', memory: '64Mi' } }],
  });
  // The same is told until there is something new, however often somebody asks.
  await clock.advance(6_000);
  expect((await measured('web')).window).toBe('20s');
  await clock.advance(54_000);
  await tell(token, useOf(32));
  const { metadata, timestamp, window, containers } = await measured('web');
  expect([metadata.name, timestamp, window]).toEqual(['web', '2026-11-30T00:01:20Z', '1m0s']);
  expect(containers).toEqual([{ name: 'c', usage: { cpu: '500m', memory: '64Mi' } }]);
});

test('Pods are listed beside each other, a Node is the sum of its Pods, and who says nothing any more is left out', async () => {
  await ask('/api/v1/nodes', {
    body: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } },
  });
  await clock.advance(20_000);
  for (const name of ['web-1', 'web-2']) await tell(await boundTo(await runningPod(name)), useOf(4));
  await runningPod('silent');
  const listed = async () =>
    (await ask('/apis/metrics.k8s.io/v1beta1/pods')).object.items.map(
      (each: { metadata: { name: string } }) => each.metadata.name,
    );
  expect(await listed()).toEqual(['web-1', 'web-2']);
  expect((await ask('/apis/metrics.k8s.io/v1beta1/nodes/n')).object.usage).toEqual({
    cpu: '400m',
    memory: '128Mi',
  });
  await clock.advance(180_001);
  expect(await listed()).toEqual([]);
});

describe('it is refused', () => {
  const forbidden = { status: 403 };
  test('to a boot token that is bound to no Pod', async () => {
    await runningPod('web');
    expect(await tell(boot, useOf(1))).toMatchObject({
      ...forbidden,
      object: {
        message: expect.stringMatching(
          /a boot token is good for tokens of Pods of its service account only$/,
        ),
      },
    });
  });

  test('to whoever is no Pod, whatever his rights', async () =>
    expect(await ask('/podusage', { body: useOf(1) })).toMatchObject({
      ...forbidden,
      object: { message: 'only a Pod tells what it uses, by a boot token that is bound to it' },
    }));

  test('when the Pod is gone, and when another one has its name', async () => {
    const token = await boundTo(await runningPod('web'));
    await clock.advance(20_000);
    await client.delete(pods, 'default', 'web', { gracePeriodSeconds: 0 });
    // What was found good is for ten seconds: until then the endpoint looks for itself.
    await tell(token, useOf(1));
    await runningPod('web');
    expect((await tell(token, useOf(1))).status).toBe(401);
    expect((await measured('web')).code).toBe(404);
  });

  test('within those ten seconds too', async () => {
    const pod = await runningPod('web');
    const token = await boundTo(pod);
    await clock.advance(20_000);
    expect((await tell(token, useOf(1))).status).toBe(200);
    await client.delete(pods, 'default', 'web', { gracePeriodSeconds: 0 });
    expect(await tell(token, useOf(1))).toMatchObject({
      status: 404,
      object: { message: 'pods "web" not found' },
    });
    await runningPod('web');
    expect((await tell(token, useOf(1))).status).toBe(404);
  });

  test('with what is no task, and stays as it was', async () => {
    const token = await boundTo(await runningPod('web'));
    await clock.advance(20_000);
    await tell(token, useOf(2));
    const before = await measured('web');
    for (const body of ['{', '[]', useOf(1e300), useOf(-1), useOf(1e12)])
      expect(await tell(token, body)).toMatchObject({ status: 400, object: { reason: 'BadRequest' } });
    expect((await tell(token, ' '.repeat(10 * 2 ** 20))).status).toBe(413);
    expect((await measured('web')).containers).toEqual(before.containers);
  });

  test('by another method, at another path, and as anything else', async () => {
    const token = await boundTo(await runningPod('web'));
    for (const [target, method] of [
      ['/podusage', 'PUT'],
      ['/podusage', 'GET'],
      ['/podusage/web', 'POST'],
      ['/metrics', 'POST'],
      ['/api/v1/namespaces/default/pods/web/status', 'PUT'],
      ['/apis/metrics.k8s.io/v1beta1/pods', 'GET'],
    ] as const)
      expect((await ask(target, { token, method, body: useOf(1) })).status).toBe(403);
  });
});

test('where nobody measures Pods there is no such path, and metrics.k8s.io is not served', async () => {
  await open();
  const token = await boundTo(await runningPod('web'));
  expect((await tell(token, useOf(1))).status).toBe(404);
  expect((await ask('/apis/metrics.k8s.io/v1beta1/pods')).status).toBe(404);
});
