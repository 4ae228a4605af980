import { expect, test } from '@jest/globals';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import type { AccessEntry } from './accessEntries.ts';
import { type Ask, type IamOptions, iamTokens } from './authenticator.ts';
import { mappingsOf } from './awsAuth.ts';
import { callerJson, signedAt, tokenWith } from './testing.ts';

const alice = callerJson(
  'arn:aws:sts::111122223333:assumed-role/dev/alice@example.com',
  'AROAEXAMPLE:alice@example.com',
);
const bob = callerJson('arn:aws:iam::111122223333:user/bob', 'AIDAEXAMPLE');
const role = 'arn:aws:iam::111122223333:role/dev';

function setUp(body: string, changes: Partial<IamOptions> = {}, status = 200) {
  const clock = new ManualClock(signedAt);
  const asked: { url: URL; headers: Record<string, string> }[] = [];
  const why: string[] = [];
  const ask: Ask = async (url, headers) => {
    asked.push({ url, headers });
    return { status, body };
  };
  const verify = iamTokens({
    clusterId: 'shallop-test',
    region: 'us-east-1',
    clock,
    ask,
    refused: (reason) => why.push(reason),
    entries: [],
    awsAuth: async () => ({ principals: [], accounts: [] }),
    ...changes,
  });
  return { clock, asked, why, verify: (token = tokenWith(), cluster = 'default') => verify(token, cluster) };
}

const entry = (more: Partial<AccessEntry> = {}): AccessEntry => ({ principalArn: role, ...more });

test('STS is asked as signed, for our own cluster, once while the token lives', async () => {
  const { asked, verify, clock } = setUp(alice, { entries: [entry()] });
  await Promise.all([verify(), verify(), verify()]);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.headers).toEqual({ 'x-k8s-aws-id': 'shallop-test', accept: 'application/json' });
  expect(asked[0]?.url.host).toBe('sts.us-east-1.amazonaws.com');
  await clock.advance(900_000);
  expect(await verify()).toBeDefined();
  expect(asked).toHaveLength(1);
  await clock.advance(1);
  expect(await verify()).toBeUndefined();
});

test('the creator is cluster admin, by whichever session', async () => {
  for (const creatorArn of [
    role,
    'arn:aws:sts::111122223333:assumed-role/dev/another',
    'arn:aws:iam::111122223333:role/path/dev',
  ]) {
    const user = await setUp(alice, { creatorArn }).verify();
    expect(user).toMatchObject({ name: 'kubernetes-admin', groups: ['system:masters'] });
  }
  expect(await setUp(alice, { creatorArn: 'arn:aws:iam::111122223333:role/other' }).verify()).toBeUndefined();
  expect(await setUp(alice, { creatorArn: 'arn:aws:iam::999999999999:role/dev' }).verify()).toBeUndefined();
});

test.each([
  {
    why: 'usual',
    body: alice,
    entry: entry(),
    name: 'arn:aws:sts::111122223333:assumed-role/dev/alice-example.com',
  },
  {
    why: 'template',
    body: alice,
    entry: entry({ username: 'dev:{{SessionNameRaw}}' }),
    name: 'dev:alice@example.com',
  },
  {
    why: 'user',
    body: bob,
    entry: entry({ principalArn: 'arn:aws:iam::111122223333:user/bob' }),
    name: 'arn:aws:iam::111122223333:user/bob',
  },
  { why: 'unknown part', body: alice, entry: entry({ username: '{{EC2PrivateDNSName}}' }), name: undefined },
])('an entry names its user: $why', async ({ body, entry, name }) => {
  expect((await setUp(body, { entries: [entry] }).verify())?.name).toBe(name);
});

test('an entry gives its groups, and the identity is told', async () => {
  const user = await setUp(alice, { entries: [entry({ kubernetesGroups: ['devs'] })] }).verify();
  expect(user).toMatchObject({
    uid: 'aws-iam-authenticator:111122223333:AROAEXAMPLE',
    groups: ['devs'],
    extra: { canonicalArn: [role], sessionName: ['alice@example.com'], accessKeyId: ['AKIDEXAMPLE'] },
  });
});

test('aws-auth maps roles, users and accounts of the cluster that is addressed', async () => {
  const here = mappingsOf({
    mapRoles: `- rolearn: ${role}\n  username: "{{AccountID}}:{{SessionName}}"\n  groups: [system:masters]\n- broken: true\n`,
    mapUsers: '- userarn: arn:aws:iam::111122223333:user/bob\n  username: bob\n',
    mapAccounts: '- "444455556666"\n',
  });
  const awsAuth = async (cluster: string) => (cluster === 'default' ? here : mappingsOf({}));
  expect(await setUp(alice, { awsAuth }).verify()).toMatchObject({
    name: '111122223333:alice-example.com',
    groups: ['system:masters'],
  });
  expect(await setUp(bob, { awsAuth }).verify()).toMatchObject({ name: 'bob', groups: [] });
  const carol = callerJson('arn:aws:iam::444455556666:user/carol', 'AIDA');
  expect(await setUp(carol, { awsAuth }).verify()).toMatchObject({
    name: 'arn:aws:iam::444455556666:user/carol',
    groups: [],
  });
  expect(await setUp(alice, { awsAuth }).verify(tokenWith(), 'other')).toBeUndefined();
});

test.each(['[', '{}', 'a: b', '- 1', '- rolearn: 5', '- rolearn: [x]'])(
  'aws-auth of %j maps nobody',
  (mapRoles) => {
    expect(mappingsOf({ mapRoles })).toEqual({ principals: [], accounts: [] });
  },
);

test('a token that STS refuses, an unknown principal and a bad token are nobody, and it is said why', async () => {
  const refused = setUp('', { entries: [entry()] }, 403);
  expect(await refused.verify()).toBeUndefined();
  expect(refused.why).toEqual(['STS refuses the token (403)']);
  const stranger = setUp(alice);
  expect(await stranger.verify()).toBeUndefined();
  expect(stranger.why).toEqual([`${role} has no access`]);
  const bad = setUp(alice, { entries: [entry()] });
  expect(await bad.verify(tokenWith({}, 'sts.evil.example'))).toBeUndefined();
  expect(bad.asked).toEqual([]);
});

test('a redirect is no answer', async () => {
  expect(await setUp(alice, { entries: [entry()] }, 302).verify()).toBeUndefined();
});

test('an STS that does not answer is ServiceUnavailable, and is asked again', async () => {
  let calls = 0;
  const ask: Ask = async () => {
    if (calls++ === 0) throw new Error('timed out');
    return { status: calls === 2 ? 500 : 200, body: alice };
  };
  const { verify } = setUp('', { entries: [entry()], ask });
  await expect(verify()).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
  await expect(verify()).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
  expect(await verify()).toBeDefined();
});
