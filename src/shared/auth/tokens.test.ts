import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { ManualClock } from '../clock/manualClock.ts';
import { seededIds } from '../clock/seededIds.ts';
import { clusterOf } from '../meta/tokenCluster.ts';
import { liveTokens } from './liveTokens.ts';
import { makeTokenKey } from './tokenKeys.ts';
import { tokenIssuer } from './tokens.ts';

const request = {
  cluster: 'default',
  namespace: 'demo',
  serviceAccount: { name: 'app', uid: 'u1' },
  pod: { name: 'p', uid: 'u2' },
  expirationSeconds: 600,
};

test('a token speaks for its service account, in its cluster, until it expires', async () => {
  const clock = new ManualClock();
  const issuer = tokenIssuer([makeTokenKey()], clock, seededIds(1));
  const token = issuer.issue(request);
  expect(issuer.verify(token, 'default')).toMatchObject({
    name: 'system:serviceaccount:demo:app',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:demo'],
  });
  expect(issuer.verify(token, 'other')).toBeUndefined();
  await clock.advance(600_000);
  expect(issuer.verify(token, 'default')).toBeUndefined();
});

test.each([
  ['altered', (token: string) => token.replace(/\.[^.]+\./, (part) => `${part.slice(0, -2)}x.`)],
  ['unsigned', (token: string) => `${token.split('.').slice(0, 2).join('.')}.`],
  ['cut', (token: string) => token.slice(0, 40)],
  ['for another audience', () => undefined],
])('a token that is %s says nothing', (_why, spoil) => {
  const issuer = tokenIssuer([makeTokenKey()], new ManualClock(), seededIds(1));
  const token = spoil(issuer.issue(request)) ?? issuer.issue({ ...request, audience: 'elsewhere' });
  expect(issuer.verify(token, 'default')).toBeUndefined();
  expect(
    issuer.verify(tokenIssuer([makeTokenKey()], new ManualClock(), seededIds(1)).issue(request), 'default'),
  ).toBeUndefined();
});

test('B15: each token has an id of its own, which its user shows as the credential', () => {
  const issuer = tokenIssuer([makeTokenKey()], new ManualClock(), seededIds(1));
  const ids = [1, 2].map(() => claimsOf(issuer.issue(request)).jti);
  expect(new Set(ids).size).toBe(2);
  const token = issuer.issue(request);
  expect(issuer.verify(token, 'default')?.extra).toMatchObject({
    'authentication.kubernetes.io/credential-id': [`JTI=${claimsOf(token).jti}`],
  });
});

test('a token of a Pod tells its node, with the uid where the node is there', () => {
  const issuer = tokenIssuer([makeTokenKey()], new ManualClock(), seededIds(1));
  const extraOf = (node: { name: string; uid?: string }) =>
    issuer.verify(issuer.issue({ ...request, node }), 'default')?.extra;
  expect(extraOf({ name: 'n', uid: 'u3' })).toMatchObject({
    'authentication.kubernetes.io/pod-uid': ['u2'],
    'authentication.kubernetes.io/node-name': ['n'],
    'authentication.kubernetes.io/node-uid': ['u3'],
  });
  expect(extraOf({ name: 'n' })).not.toHaveProperty(['authentication.kubernetes.io/node-uid']);
});

test.each<[string, object, string | undefined, boolean]>([
  [
    'of a Pod whose node is gone',
    { pod: { name: 'p', uid: 'u2' }, node: { name: 'n', uid: 'u3' } },
    undefined,
    true,
  ],
  ['that is bound to a node', { node: { name: 'n', uid: 'u3' } }, 'u3', true],
  ['that is bound to a node that is gone', { node: { name: 'n', uid: 'u3' } }, undefined, false],
  ['that is bound to a node that was made anew', { node: { name: 'n', uid: 'u3' } }, 'u4', false],
])('whether a token lives: %s', async (_, bound, nodeUid, lives) => {
  const issuer = tokenIssuer([makeTokenKey()], new ManualClock(), seededIds(1));
  const uids: Record<string, string | undefined> = { serviceaccounts: 'u1', pods: 'u2', nodes: nodeUid };
  const verify = liveTokens(async (...asked) => issuer.verify(...asked), {
    uidOf: async (_cluster, resource) => uids[resource],
    tokenIn: async () => undefined,
  });
  const { pod: _pod, ...unbound } = request;
  expect(!!(await verify(issuer.issue({ ...unbound, ...bound }), 'default'))).toBe(lives);
});

test.each([
  ['that is bound to a Secret', { secret: { name: 's', uid: 'u5' } }, true],
  ['that is bound to a Secret that was made anew', { secret: { name: 's', uid: 'u6' } }, false],
])('whether a token lives: %s', async (_, bound, lives) => {
  const issuer = tokenIssuer([makeTokenKey()], new ManualClock(), seededIds(1));
  const uids: Record<string, string> = { serviceaccounts: 'u1', secrets: 'u5' };
  const verify = liveTokens(async (...asked) => issuer.verify(...asked), {
    uidOf: async (_cluster, resource) => uids[resource],
    tokenIn: async () => undefined,
  });
  const { pod: _pod, ...unbound } = request;
  const user = await verify(issuer.issue({ ...unbound, ...bound }), 'default');
  expect(user !== undefined).toBe(lives);
  expect(user?.secret).toBeUndefined();
});

test('a token that a Secret holds is good as long as it stands there, for the API alone', async () => {
  const clock = new ManualClock();
  const issuer = tokenIssuer([makeTokenKey()], clock, seededIds(1));
  const { pod: _pod, ...unbound } = request;
  const token = issuer.issue({ ...unbound, heldBy: 's', expirationSeconds: 0 });
  let held: string | undefined = token;
  const verify = liveTokens(async (...asked) => issuer.verify(...asked), {
    uidOf: async () => 'u1',
    tokenIn: async (_cluster, namespace, name) => (`${namespace}/${name}` === 'demo/s' ? held : undefined),
  });
  await clock.advance(10 * 365 * 86_400_000);
  expect(clusterOf(token)).toBe('default');
  expect(claimsOf(token)).toMatchObject({
    iss: 'kubernetes/serviceaccount',
    'kubernetes.io/serviceaccount/namespace': 'demo',
    'kubernetes.io/serviceaccount/secret.name': 's',
    'kubernetes.io/serviceaccount/service-account.name': 'app',
    'kubernetes.io/serviceaccount/service-account.uid': 'u1',
  });
  expect(await verify(token, 'default')).toEqual({
    name: 'system:serviceaccount:demo:app',
    uid: 'u1',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:demo'],
    extra: { 'shallop.dev/cluster': ['default'] },
  });
  expect(await verify(token, 'other')).toBeUndefined();
  expect(await verify(token, 'default', 'elsewhere')).toBeUndefined();
  held = 'another';
  expect(await verify(token, 'default')).toBeUndefined();
});

test('tokens of an older key stay good while the key is kept', () => {
  const [old, recent] = [makeTokenKey(), makeTokenKey()];
  const issuerOf = (...keys: string[]) => tokenIssuer(keys, new ManualClock(), seededIds(1));
  const before = issuerOf(old).issue(request);
  expect(issuerOf(recent, old).verify(before, 'default')).toBeDefined();
  expect(issuerOf(recent).verify(before, 'default')).toBeUndefined();
  expect(issuerOf(recent, old).publicKeys()).toHaveLength(2);
});

test('B15: a published key verifies the tokens that name it', () => {
  const issuer = tokenIssuer([makeTokenKey(), makeTokenKey()], new ManualClock(), seededIds(1));
  const [head = '', body = '', signature = ''] = issuer.issue(request).split('.');
  const { kid, alg } = JSON.parse(Buffer.from(head, 'base64url').toString());
  const jwk = issuer.publicKeys().find((key) => key.kid === kid && key.alg === alg)!;
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  const signed = Buffer.from(`${head}.${body}`);
  const bytes = Buffer.from(signature, 'base64url');
  expect(verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true);
});

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
