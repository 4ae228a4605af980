import { expect, test } from '@jest/globals';
import { simulatedCore } from '../../test/support/aws/simulatedCore.ts';
import { ManualClock } from '../shared/clock/manualClock.ts';
import { systemClock } from '../shared/clock/systemClock.ts';
import { bootstrap } from '../shared/controllers/logicalcluster/bootstrap.ts';
import { namespaces, serviceAccounts, services } from '../shared/controllers/resources.ts';
import { signingKeys } from './signingKeys/index.ts';

test('a cluster is bootstrapped with the Service of an API that has no fixed address', async () => {
  const { core } = simulatedCore(systemClock);
  const client = core.clients('default');
  expect(await client.list(namespaces)).toEqual([]);
  await bootstrap(client, { env: core.environment, clock: systemClock }, true);
  expect((await client.list(namespaces)).map(({ metadata }) => metadata.name)).toContain('kube-system');
  expect((await client.get(services, 'default', 'kubernetes'))?.spec).toMatchObject({
    clusterIP: '10.96.0.1',
    ports: [{ port: 443 }],
  });
});

test('tokens of one process are good in another, however many begin at once', async () => {
  const { core, beside } = simulatedCore(systemClock);
  const client = core.clients('default');
  await bootstrap(client, { env: core.environment, clock: systemClock }, true);
  const account = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { namespace: 'default', name: 'app' },
  };
  await client.create(serviceAccounts, account);
  const processes = [core, ...Array.from({ length: 5 }, beside)];
  const tokens = await Promise.all(processes.map(tokenOf));
  for (const { handle } of processes)
    for (const token of tokens) expect((await ask(handle, '/api', token)).status).toBe(200);
});

test('a year later there are two keys for relying parties, and tokens of before are good', async () => {
  const clock = new ManualClock();
  const { core, beside } = simulatedCore(clock);
  await bootstrap(core.clients('default'), { env: core.environment, clock }, true);
  await core.clients('default').create(serviceAccounts, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { namespace: 'default', name: 'app' },
  });
  const keysOf = async ({ handle }: Core) => {
    const answer = await ask(handle, '/openid/v1/jwks');
    return JSON.parse(Buffer.from(answer.body as Uint8Array).toString()).keys;
  };
  expect(await keysOf(core)).toHaveLength(1);
  await clock.advance(335 * 86_400_000 - 600_000);
  const token = await tokenOf(core);
  await clock.advance(600_000);
  for (const each of [core, beside()]) {
    expect(await keysOf(each)).toHaveLength(2);
    expect((await ask(each.handle, '/api', token)).status).toBe(200);
  }
});

test('a continue token ends with its age in whichever process, and the next page is of a newer revision', async () => {
  const clock = new ManualClock();
  const { core, beside } = simulatedCore(clock);
  await bootstrap(core.clients('default'), { env: core.environment, clock }, true);
  const page = async ({ handle }: Core, token = '') => {
    const { body } = await ask(handle, `/api/v1/namespaces?limit=2&continue=${token}`);
    return JSON.parse(Buffer.from(body as Uint8Array).toString());
  };
  const first = await page(core);
  await clock.advance(299_999);
  const { resourceVersion } = first.metadata;
  expect((await page(beside(), first.metadata.continue)).metadata.resourceVersion).toBe(resourceVersion);
  await clock.advance(1);
  const expired = await page(beside(), first.metadata.continue);
  expect(expired).toMatchObject({ reason: 'Expired', code: 410 });
  const rest = await page(beside(), expired.metadata.continue);
  expect(rest.items.map(nameOf)).toEqual(['kube-public', 'kube-system']);
  expect(rest.metadata.resourceVersion).toBe(String(Number(resourceVersion) + 1));
  expect((await page(core)).metadata.resourceVersion).toBe(rest.metadata.resourceVersion);
});

const nameOf = ({ metadata }: { metadata: { name: string } }) => metadata.name;

test('the signing key is nothing that the API serves', async () => {
  const { core } = simulatedCore(systemClock);
  await core.storage.create({ cluster: 'default', resource: signingKeys, namespace: '', name: 'x' }, () =>
    Buffer.from('{}'),
  );
  for (const path of [
    '/apis/internal/v1/signingkeys',
    '/api/v1/signingkeys.internal',
    '/api/v1/signingkeys/x',
  ])
    expect((await ask(core.handle, path)).status).toBe(404);
});

type Core = ReturnType<typeof simulatedCore>['core'];

const ask = async (handle: Core['handle'], target: string, token?: string) =>
  handle({
    method: 'GET',
    target,
    header: (name) => (token && name === 'authorization' ? `Bearer ${token}` : undefined),
    headersBeginning: () => [],
    body: async () => new Uint8Array(),
    peer: { address: 'test', ...(!token && { internal: { user: 'test', groups: ['system:masters'] } }) },
    signal: new AbortController().signal,
  });

async function tokenOf({ handle }: Core): Promise<string> {
  const answer = await handle({
    method: 'POST',
    target: '/api/v1/namespaces/default/serviceaccounts/app/token',
    header: () => undefined,
    headersBeginning: () => [],
    body: async () =>
      Buffer.from('{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}'),
    peer: { address: 'test', internal: { user: 'test', groups: ['system:masters'] } },
    signal: new AbortController().signal,
  });
  return JSON.parse(Buffer.from(answer.body as Uint8Array).toString()).status.token;
}
