import { expect, test } from '@jest/globals';
import { testServer } from '../testing/testingServer.ts';

const pods = '/api/v1/namespaces/default/pods';
const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';

/** Ready Pods `p0`, `p1`… and a budget over all of them with that status. */
async function guarded(count: number, status: object, spec: object = { minAvailable: 1 }) {
  const server = await testServer();
  const { send } = server;
  for (let i = 0; i < count; i++) {
    const spec = { nodeName: 'n', containers: [{ name: 'c', image: 'a' }] };
    await send(`POST ${pods}`, { body: { metadata: { name: `p${i}`, labels: { app: 'web' } }, spec } });
    await setPod(send, i, 'True');
  }
  const selector = { matchLabels: { app: 'web' } };
  const { json } = await send(`POST ${budgets}`, {
    body: { metadata: { name: 'b' }, spec: { ...spec, selector } },
  });
  const full = { observedGeneration: 1, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, ...status };
  await send(`PUT ${budgets}/b/status`, { body: { ...json, status: full } });
  const evict = (i: number, more: object = {}) =>
    send(`POST ${pods}/p${i}/eviction`, {
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: `p${i}`, namespace: 'default' },
        ...more,
      },
    });
  const budget = async () => (await send(`GET ${budgets}/b`)).json.status;
  return { ...server, evict, budget };
}

type Send = Awaited<ReturnType<typeof testServer>>['send'];
async function setPod(send: Send, i: number, ready: string, phase = 'Running') {
  const { json } = await send(`GET ${pods}/p${i}`);
  const conditions = [{ type: 'Ready', status: ready }];
  await send(`PUT ${pods}/p${i}/status`, {
    body: { ...json, status: { ...json.status, phase, conditions } },
  });
}

test('a budget counts each eviction, and refuses the one too many with 429', async () => {
  const { evict, budget } = await guarded(3, { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 2 });
  expect((await evict(0)).status).toBe(201);
  expect(await budget()).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { p0: expect.any(String) } });
  expect(await evict(1)).toMatchObject({
    status: 429,
    json: {
      reason: 'TooManyRequests',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          {
            reason: 'DisruptionBudget',
            message: 'The disruption budget b needs 2 healthy pods and has 2 currently',
          },
        ],
      },
    },
  });
});

test('of evictions at the same time no more pass than the budget allows', async () => {
  const { evict } = await guarded(6, { disruptionsAllowed: 2, currentHealthy: 6, desiredHealthy: 4 });
  const answers = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => evict(i)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 429, 429, 429, 429]);
});

test('a dry run counts nothing', async () => {
  const { evict, budget } = await guarded(1, { disruptionsAllowed: 1 });
  expect((await evict(0, { deleteOptions: { dryRun: ['All'] } })).status).toBe(201);
  expect(await budget()).toMatchObject({ disruptionsAllowed: 1 });
});

test('a budget that the controller has not seen refuses, and says when to come again', async () => {
  const { evict } = await guarded(1, { observedGeneration: 0, disruptionsAllowed: 1 });
  expect(await evict(0)).toMatchObject({
    status: 429,
    json: {
      details: {
        retryAfterSeconds: 10,
        causes: [{ message: expect.stringContaining('still being processed') }],
      },
    },
  });
});

test.each([
  ['IfHealthyBudget', { currentHealthy: 3, desiredHealthy: 2 }, 201],
  ['IfHealthyBudget', { currentHealthy: 1, desiredHealthy: 2 }, 429],
  ['AlwaysAllow', { currentHealthy: 1, desiredHealthy: 2 }, 201],
])('an unhealthy Pod under %s with %j: %i', async (unhealthyPodEvictionPolicy, status, code) => {
  const spec = { minAvailable: 2, unhealthyPodEvictionPolicy };
  const { send, evict } = await guarded(1, { disruptionsAllowed: 0, ...status }, spec);
  await setPod(send, 0, 'False');
  expect((await evict(0)).status).toBe(code);
});

test.each(['Succeeded', 'Pending'])('a Pod that is %s is asked of no budget', async (phase) => {
  const { send, evict } = await guarded(1, { disruptionsAllowed: 0 });
  await setPod(send, 0, 'False', phase);
  expect((await evict(0)).status).toBe(201);
});

test('a Pod with two budgets cannot be evicted', async () => {
  const { send, evict } = await guarded(1, { disruptionsAllowed: 1 });
  await send(`POST ${budgets}`, {
    body: { metadata: { name: 'c' }, spec: { maxUnavailable: 1, selector: {} } },
  });
  expect(await evict(0)).toMatchObject({
    status: 500,
    json: { message: expect.stringContaining('more than one PodDisruptionBudget') },
  });
});
