import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { endpointOf } from '../../src/cli/kube/kubeconfig.ts';
import { type Ask, askOf } from '../findings/ask.ts';
import {
  badDefinitions,
  badObjects,
  badWebhooks,
  definitionsPath,
  standing,
  webhooksPath,
} from '../support/badInput.ts';
import { badMaps, standingJudges } from '../support/badPolicies.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { openWebhookServer, type WebhookServer } from '../support/webhooks/server.ts';

/** What costs much and is refused: in a real server's words, while others are answered, and nothing is stored. */

let plane: Plane;
let ask: Ask;
let hooks: WebhookServer;
beforeAll(async () => {
  hooks = await openWebhookServer(new Map());
  plane = await openPlane('bad-input');
  await plane.start('--runtime', 'fake');
  ask = askOf(plane);
  for (const body of standing) expect((await ask(`POST ${definitionsPath}`, { body })).status).toBe(201);
  for (const { path, body } of standingJudges)
    expect([body, (await ask(`POST ${path}`, { body })).status]).toEqual([body, 201]);
});
afterAll(async () => {
  await plane.close();
  await hooks.close();
});

const namesIn = async (path: string): Promise<string[]> =>
  (await ask(`GET ${path}`)).json.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);

/** Returns whether somebody else is answered before the request is. */
async function besides<T>(request: Promise<T>): Promise<{ answer: T; statuses: number[] }> {
  const others = Array.from({ length: 5 }, () => ask('GET /api/v1/namespaces/default'));
  const statuses = (await Promise.all(others)).map(({ status }) => status);
  return { answer: await request, statuses };
}

test.each([...badDefinitions, ...badObjects, ...badMaps])('$what', async ({ path, body, says }) => {
  const before = await namesIn(path);
  const { answer, statuses } = await besides(ask(`POST ${path}`, { body }));
  expect(answer.json.message).toMatch(says);
  expect([403, 422]).toContain(answer.status);
  expect(statuses).toEqual(Array(5).fill(200));
  expect(await namesIn(path)).toEqual(before);
});

describe('webhooks that do badly', () => {
  const secrets = '/api/v1/namespaces/default/secrets';

  test('are asked in vain, and nothing is stored', async () => {
    const { server, ca = '' } = await endpointOf({ kubeconfig: plane.kubeconfig }, { env: {}, cwd: '/' });
    const self = { url: server, caBundle: Buffer.from(ca).toString('base64') };
    const before = await namesIn(secrets);
    for (const { name, configuration, says } of badWebhooks(hooks, self)) {
      expect((await ask(`POST ${webhooksPath}`, { body: configuration })).status).toBe(201);
      const { answer, statuses } = await besides(ask(`POST ${secrets}`, { body: { metadata: { name } } }));
      expect([name, answer.status, answer.json.message]).toEqual([name, 500, expect.stringMatching(says)]);
      expect(statuses).toEqual(Array(5).fill(200));
    }
    expect(await namesIn(secrets)).toEqual(before);
    // Whatever they do, they have no say about their own configurations.
    for (const name of await namesIn(webhooksPath))
      expect((await ask(`DELETE ${webhooksPath}/${name}`)).status).toBe(200);
  });
});
