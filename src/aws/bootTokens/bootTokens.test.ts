import { beforeEach, describe, expect, test } from '@jest/globals';
import { simulatedCore } from '../../../test/support/aws/simulatedCore.ts';
import type { Client } from '../../shared/client/client.ts';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import { bootstrap } from '../../shared/controllers/logicalcluster/bootstrap.ts';
import { pods, serviceAccounts } from '../../shared/controllers/resources.ts';
import { clusterRoleBinding } from '../../shared/kinds/rbac.authorization.k8s.io/v1/clusterrolebinding/index.ts';
import type { Pod } from '../../shared/kinds/schema/types.ts';
import { bootAudience } from '../../shared/ports/accountTokens.ts';
import type { AwsCore } from '../core.ts';

let clock: ManualClock;
let core: AwsCore;
let client: Client;
let web: Pod;
let boot: string;

/** Its account may do everything: what a boot token may not is not for lack of the account's rights. */
beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 0));
  core = simulatedCore(clock).core;
  client = core.clients('default');
  await bootstrap(client, { env: core.environment, clock }, true);
  for (const name of ['app', 'other']) await client.create(serviceAccounts, accountOf(name));
  await client.create(clusterRoleBinding, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'app' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: 'app' }],
  });
  web = await client.create(pods, podOf('web', 'app'));
  boot = await bootTokenOf('app');
});

const accountOf = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { namespace: 'default', name },
});

const podOf = (name: string, serviceAccountName: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'default', name },
  spec: {
    serviceAccountName,
    containers: [{ name: 'c', image: 'i' }],
    volumes: [
      {
        name: 'v',
        projected: { sources: [{ serviceAccountToken: { path: 'token', audience: 'https://vault' } }] },
      },
    ],
  },
});

async function bootTokenOf(name: string, expirationSeconds = 3600): Promise<string> {
  const account = (await client.get(serviceAccounts, 'default', name))!;
  return core.environment.issueToken('default', account, { audience: bootAudience, expirationSeconds });
}

interface Asked {
  /** Absent: an administrator in the process. */
  token?: string;
  body?: object;
  headers?: Record<string, string>;
}

async function ask(target: string, { token, body, headers = {} }: Asked = {}) {
  const all: Record<string, string> = {
    ...headers,
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body && { 'content-type': 'application/json' }),
  };
  const answer = await core.handle({
    method: body ? 'POST' : 'GET',
    target,
    header: (name) => all[name],
    headersBeginning: (prefix) =>
      Object.entries(all).filter(([name]) => name.startsWith(prefix)) as [string, string][],
    body: async () => Buffer.from(JSON.stringify(body ?? {})),
    peer: { address: 'a Pod', ...(!token && { internal: { user: 'admin', groups: ['system:masters'] } }) },
    signal: new AbortController().signal,
  });
  const text = Buffer.from((answer.body as Uint8Array | undefined) ?? '').toString();
  return { status: answer.status, text, object: text.startsWith('{') ? JSON.parse(text) : undefined };
}

type Ref = { apiVersion?: string; kind?: string; name?: string; uid?: string };
const refTo = ({ metadata: { name = '', uid = '' } }: Pod): Ref => ({
  apiVersion: 'v1',
  kind: 'Pod',
  name,
  uid,
});

const urlOf = (account: string, cluster = '') =>
  `${cluster}/api/v1/namespaces/default/serviceaccounts/${account}/token`;
const tokenRequest = (boundObjectRef: Ref | undefined, audiences: string[] = []) => ({
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'TokenRequest',
  spec: { audiences, expirationSeconds: 3600, ...(boundObjectRef && { boundObjectRef }) },
});
const request = (ref: Ref | undefined, audiences?: string[], token = boot, account = 'app') =>
  ask(urlOf(account), { token, body: tokenRequest(ref, audiences) });
const tokenFor = async (pod: Pod, audiences?: string[], token = boot): Promise<string> => {
  const { object } = await request(refTo(pod), audiences, token);
  return object.status.token;
};

const review = (kind: string, spec: object) => ({ apiVersion: 'authentication.k8s.io/v1', kind, spec });
const whoami = (token: string) =>
  ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    token,
    body: review('SelfSubjectReview', {}),
  });

test('D11: a boot token is exchanged for a token that is bound to the Pod, and ends with it', async () => {
  const token = await tokenFor(web);
  expect((await whoami(token)).object.status.userInfo).toMatchObject({
    username: 'system:serviceaccount:default:app',
    extra: {
      'authentication.kubernetes.io/pod-name': ['web'],
      'authentication.kubernetes.io/pod-uid': [web.metadata.uid],
    },
  });
  await client.delete(pods, 'default', 'web', { gracePeriodSeconds: 0 });
  // What was found good is for ten seconds.
  await clock.advance(10_000);
  expect((await whoami(token)).status).toBe(401);
});

test('D11: another one that is bound to the Pod is good for that Pod alone, and ends with it', async () => {
  const sibling = await client.create(pods, podOf('web-2', 'app'));
  const bound = await tokenFor(web, [bootAudience]);
  expect((await request(refTo(web), ['https://vault'], bound)).status).toBe(201);
  expect(await request(refTo(sibling), [], bound)).toMatchObject({
    status: 403,
    object: {
      message: 'serviceaccounts "app" is forbidden: boot token requested token bound to a different pod',
    },
  });
  expect((await whoami(bound)).status).toBe(403);
  await client.delete(pods, 'default', 'web', { gracePeriodSeconds: 0 });
  await clock.advance(10_000);
  expect((await request(refTo(web), [], bound)).status).toBe(401);
});

describe('D11: a boot token is refused', () => {
  const newPod = podOf('new', 'app');
  const group = '/apis/authentication.k8s.io/v1';
  test.each<[string, string, object | undefined]>([
    ['reading Pods', '/api/v1/namespaces/default/pods', undefined],
    ['making Pods', '/api/v1/namespaces/default/pods', newPod],
    ['reading Secrets of all namespaces', '/api/v1/secrets', undefined],
    ['reading its own account', '/api/v1/namespaces/default/serviceaccounts/app', undefined],
    ['discovery', '/api', undefined],
    ['the version', '/version', undefined],
    ['asking who it is', `${group}/selfsubjectreviews`, review('SelfSubjectReview', {})],
    [
      'asking what it may do',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb: 'list', resource: 'pods' } },
      },
    ],
    ['reviewing tokens', `${group}/tokenreviews`, review('TokenReview', { token: 'x' })],
  ])('%s', async (_, target, body) =>
    expect(await ask(target, { token: boot, ...(body && { body }) })).toMatchObject({
      status: 403,
      object: {
        message: expect.stringMatching(
          /a boot token is good for tokens of Pods of its service account only$/,
        ),
      },
    }),
  );

  test('acting as somebody else', async () => {
    const headers = { 'impersonate-user': 'system:serviceaccount:default:app' };
    expect((await ask('/api/v1/pods', { token: boot, headers })).status).toBe(403);
  });

  test('a token of another account', async () =>
    expect((await request(refTo(web), [], boot, 'other')).status).toBe(403));

  test('anything in another logical cluster', async () => {
    const asked = { token: boot, body: tokenRequest(refTo(web)) };
    expect((await ask(urlOf('app', '/clusters/red'), asked)).status).toBe(401);
  });

  const forbidden = (why: string) => ({
    status: 403,
    object: { message: `serviceaccounts "app" is forbidden: ${why}` },
  });
  test.each<[string, (pod: Pod) => Ref | undefined, string[], object]>([
    [
      'that is bound to nothing',
      () => undefined,
      [],
      forbidden('boot token requested token not bound to a pod'),
    ],
    [
      'that is bound to something else',
      () => ({ apiVersion: 'v1', kind: 'Secret', name: 's', uid: 'u' }),
      [],
      forbidden('boot token requested token not bound to a pod'),
    ],
    [
      'without the uid of the Pod',
      () => ({ apiVersion: 'v1', kind: 'Pod', name: 'web' }),
      [],
      forbidden('boot token requested token with a pod binding without a uid'),
    ],
    [
      'of a Pod that is gone',
      () => ({ apiVersion: 'v1', kind: 'Pod', name: 'gone', uid: 'u' }),
      [],
      { status: 404, object: { message: 'pods "gone" not found' } },
    ],
    [
      'of a Pod that was made anew',
      () => ({ ...refTo(web), uid: 'before' }),
      [],
      forbidden(
        'the UID in the bound object reference (before) does not match the UID in record. The object might have been deleted and then recreated',
      ),
    ],
    [
      'for an audience that the Pod does not name',
      refTo,
      ['sts.amazonaws.com'],
      forbidden('audience "sts.amazonaws.com" not found in pod spec volume'),
    ],
    [
      'for several audiences',
      refTo,
      ['https://vault', 'sts.amazonaws.com'],
      forbidden('boot token may only request 0 or 1 audiences'),
    ],
  ])('a token %s', async (_, refOf, audiences, answer) =>
    expect(await request(refOf(web), audiences)).toMatchObject(answer),
  );

  test('a token of a Pod of another account', async () => {
    const theirs = await client.create(pods, podOf('theirs', 'other'));
    expect(await request(refTo(theirs))).toMatchObject(
      forbidden('boot token requested token bound to a pod of a different service account'),
    );
  });

  test('a token for the API of a Pod that mounts none', async () => {
    const own = podOf('own', 'app');
    own.spec!.automountServiceAccountToken = false;
    const pod = await client.create(pods, own);
    expect((await request(refTo(pod))).status).toBe(403);
    expect((await request(refTo(pod), ['https://vault'])).status).toBe(201);
  });

  test('once its account is gone, also when that was made anew', async () => {
    await client.delete(serviceAccounts, 'default', 'app');
    await client.create(serviceAccounts, accountOf('app'));
    expect((await request(refTo(web))).status).toBe(401);
  });

  test('once its time is over', async () => {
    await clock.advance(3_600_000);
    expect((await request(refTo(web))).status).toBe(401);
  });

  test.each([[undefined], [bootAudience]])('by a TokenReview, for the audience %s', async (audience) => {
    const spec = { token: boot, ...(audience && { audiences: [audience] }) };
    const { object } = await ask(`${group}/tokenreviews`, { body: review('TokenReview', spec) });
    expect(object.status).toEqual({ user: {}, error: 'invalid bearer token' });
  });
});

test('D11: nobody else gets a boot token', async () => {
  const body = tokenRequest(undefined, [bootAudience]);
  expect(await ask(urlOf('app'), { body })).toMatchObject({
    status: 403,
    object: { message: `serviceaccounts "app" is forbidden: audience "${bootAudience}" is reserved` },
  });
});
