import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../clock/manualClock.ts';
import { seededIds } from '../clock/seededIds.ts';
import { bearerToken, type Credentials, clientCertificate, firstOf, internalPeer } from './authenticate.ts';
import { forbidden } from './authorize.ts';
import { liveTokens } from './liveTokens.ts';
import { tokenRequests } from './tokenRequests.ts';
import { defaultAudience, tokenIssuer } from './tokens.ts';
import { anonymous, type User } from './user.ts';

const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});
const request = {
  cluster: 'a',
  namespace: 'ns',
  serviceAccount: { name: 'sa', uid: 'u1' },
  expirationSeconds: 600,
};

const asking = (headers: Record<string, string>, peer: Credentials['peer'] = {}): Credentials => ({
  header: (name) => headers[name],
  peer,
  cluster: 'a',
});

describe('tokens', () => {
  const clock = new ManualClock();
  const issuer = tokenIssuer([pem.toString()], clock, seededIds(1));
  const token = issuer.issue({ ...request, pod: { name: 'p', uid: 'u2' } });

  test('name the account, its groups and the Pod they are bound to', () => {
    expect(issuer.verify(token, 'a')).toEqual({
      name: 'system:serviceaccount:ns:sa',
      uid: 'u1',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:ns'],
      audiences: [defaultAudience],
      extra: expect.objectContaining({ 'authentication.kubernetes.io/pod-name': ['p'] }),
    });
  });

  test.each([
    { why: 'another logical cluster', token: () => token, cluster: 'b' },
    { why: 'altered claims', token: () => alter(token) },
    { why: 'another key', token: () => tokenIssuer([otherPem()], clock, seededIds(2)).issue(request) },
    { why: 'no signature', token: () => token.split('.').slice(0, 2).join('.') },
    { why: 'the algorithm "none"', token: () => `${encode({ alg: 'none' })}.${token.split('.')[1]}.` },
    { why: 'another audience', token: () => issuer.issue({ ...request, audience: 'vault' }) },
    { why: 'nonsense', token: () => 'a.b.c' },
  ])('are worth nothing: $why', ({ token, cluster = 'a' }) => {
    expect(issuer.verify(token(), cluster)).toBeUndefined();
  });

  test('are signed with RSA where the key is one, for an issuer that may have another name', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rsa = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    const other = tokenIssuer([rsa], clock, seededIds(1), 'https://127.0.0.1:1/');
    const issued = other.issue(request);
    expect(JSON.parse(Buffer.from(issued.split('.')[0]!, 'base64url').toString()).alg).toBe('RS256');
    expect(other.verify(issued, 'a')).toMatchObject({ audiences: ['https://127.0.0.1:1/'] });
    expect(other.verify(alter(issued), 'a')).toBeUndefined();
    expect(issuer.verify(issued, 'a')).toBeUndefined();
    expect(other.publicKeys()).toEqual([expect.objectContaining({ kty: 'RSA', alg: 'RS256', e: 'AQAB' })]);
  });

  test('expire by the clock', async () => {
    const clock = new ManualClock();
    const issuer = tokenIssuer([pem.toString()], clock, seededIds(1));
    const token = issuer.issue(request);
    await clock.advance(599_000);
    expect(issuer.verify(token, 'a')).toBeDefined();
    await clock.advance(1_000);
    expect(issuer.verify(token, 'a')).toBeUndefined();
  });

  test.each([
    { there: { serviceaccounts: 'u1', pods: 'u2', nodes: undefined }, valid: true },
    { there: { serviceaccounts: 'u9', pods: 'u2', nodes: undefined }, valid: false },
    { there: { serviceaccounts: 'u1', pods: 'u9', nodes: undefined }, valid: false },
    { there: { serviceaccounts: 'u1', pods: undefined, nodes: undefined }, valid: false },
  ])('end with their account and Pod: $there', async ({ there, valid }) => {
    const verify = liveTokens(issuer.verify, {
      uidOf: async (_cluster, resource) => there[resource as keyof typeof there],
      tokenIn: async () => undefined,
    });
    expect((await verify(token, 'a')) !== undefined).toBe(valid);
  });

  test('are made as asked', async () => {
    const issue = tokenRequests(issuer, clock);
    const serviceAccount = { metadata: { namespace: 'ns', name: 'sa', uid: 'u1' } };
    const issued = await issue({ cluster: 'a', serviceAccount, expirationSeconds: 600 });
    expect(issued.expiresAt).toBe(clock.now() + 600_000);
    expect(issuer.verify(issued.token, 'a')?.uid).toBe('u1');
  });
});

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const otherPem = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

function alter(token: string): string {
  const [head, body = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  return `${head}.${encode({ ...claims, sub: 'system:serviceaccount:kube-system:admin' })}.${signature}`;
}

describe('authentication', () => {
  const authenticate = firstOf(
    internalPeer,
    clientCertificate,
    bearerToken((token) => (token === 'good' ? { name: 'bearer', groups: [] } : undefined)),
  );

  const bearer = { name: 'bearer', groups: ['system:authenticated'] };

  test.each<User & { who: Credentials }>([
    {
      who: asking({}, { internal: { user: 'c', groups: ['system:masters'] } }),
      name: 'c',
      groups: ['system:masters', 'system:authenticated'],
    },
    {
      who: asking({}, { certificate: { commonName: 'admin', organizations: ['o'] } }),
      name: 'admin',
      groups: ['o', 'system:authenticated'],
    },
    { who: asking({ authorization: 'Bearer good' }), ...bearer },
    {
      who: asking({}, { certificate: { commonName: 'admin', organizations: [], fingerprint: 'ab' } }),
      name: 'admin',
      groups: ['system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': ['X509SHA256=ab'] },
    },
    { who: asking({ authorization: 'Bearer good' }, { certificateRefused: true }), ...bearer },
    { who: asking({}), ...anonymous },
  ])('knows $name', async ({ who, ...user }) => {
    expect(await authenticate(who)).toEqual(user);
  });

  test('A9: a certificate that is not good is no anonymous caller', async () => {
    await expect(authenticate(asking({}, { certificateRefused: true }))).rejects.toMatchObject({
      reason: 'Unauthorized',
    });
  });

  describe('by the protocols of a WebSocket, as browsers do', () => {
    const token = (text: string) =>
      `base64url.bearer.authorization.k8s.io.${Buffer.from(text).toString('base64url')}`;
    const offering = (protocols: string, others: Record<string, string> = {}) =>
      asking({
        connection: 'keep-alive, Upgrade',
        upgrade: 'websocket',
        'sec-websocket-protocol': protocols,
        ...others,
      });

    test.each([
      ['beside another protocol', offering(`base64.binary.k8s.io, ${token('good')}`), bearer],
      ['before it', offering(`${token('good')},v5.channel.k8s.io`), bearer],
      ['that is empty', offering(`${token('')}, binary.k8s.io`), anonymous],
      [
        'beside a header',
        offering(`${token('bad')}, binary.k8s.io`, { authorization: 'Bearer good' }),
        bearer,
      ],
      [
        'where nothing is upgraded',
        asking({ 'sec-websocket-protocol': `${token('bad')}, binary.k8s.io` }),
        anonymous,
      ],
    ])('a token %s', async (_where, who, user) => {
      expect(await authenticate(who)).toEqual(user);
    });

    test.each([
      ['that is not good', `${token('bad')}, binary.k8s.io`],
      ['alone', token('good')],
      ['twice', `${token('good')}, ${token('good')}, binary.k8s.io`],
      ['in another alphabet', 'base64url.bearer.authorization.k8s.io.++++, binary.k8s.io'],
      ['of bytes that are no text', 'base64url.bearer.authorization.k8s.io._w, binary.k8s.io'],
    ])('a token %s is Unauthorized', async (_what, protocols) => {
      await expect(authenticate(offering(protocols))).rejects.toMatchObject({ reason: 'Unauthorized' });
    });
  });

  test.each(['Bearer bad', 'Basic YTpi', 'Bearer'])('"%s" is Unauthorized', async (authorization) => {
    await expect(authenticate(asking({ authorization }))).rejects.toMatchObject({
      reason: 'Unauthorized',
      message: 'Unauthorized',
    });
  });
});

describe('a refusal', () => {
  const pods = { group: '', version: 'v1', plural: 'pods' };
  const user: User = { name: 'dev', groups: ['system:authenticated'] };

  test.each([
    {
      resource: { group: 'apps', version: 'v1', plural: 'deployments', subresource: 'scale' },
      namespace: 'ns',
      name: 'web',
      message:
        'deployments.apps "web" is forbidden: User "dev" cannot get resource "deployments/scale" in API group "apps" in the namespace "ns"',
    },
    {
      resource: { ...pods },
      message:
        'pods is forbidden: User "dev" cannot get resource "pods" in API group "" at the cluster scope',
    },
    { message: 'forbidden: User "dev" cannot get path "/x"' },
    { path: '/<b>&', message: 'forbidden: User "dev" cannot get path "/&lt;b&gt;&amp;"' },
  ])('$message', ({ message, ...rest }) => {
    expect(forbidden({ cluster: 'default', user, verb: 'get', path: '/x', ...rest }).message).toBe(message);
  });
});
