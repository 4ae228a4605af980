import { beforeEach, describe, expect, test } from '@jest/globals';
import { secretOf, secretRef } from '../../../../test/contract/secretVault.ts';
import { FakeSecrets } from '../../../../test/support/aws/fakeSecrets.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import type { SecretVault } from '../../../shared/ports/cloud.ts';
import { Entries } from './entries.ts';
import { openSecretVault } from './index.ts';
import { fingerprintOf, payloadOf } from './payload.ts';
import { copyIn, createSecretRequest } from './requests.ts';

const registry = (auths: object) => secretOf({ '.dockerconfigjson': JSON.stringify({ auths }) });

describe('payload', () => {
  test.each([
    ['keys in order', secretOf({ b: '2', a: '1' }), { a: '1', b: '2' }],
    ['no data', secretOf({}), {}],
    ['quotes and lines', secretOf({ k: 'a"b\n' }), { k: 'a"b\n' }],
  ])('%s', (_, secret, values) => expect(payloadOf(secret)).toBe(JSON.stringify(values)));

  test('what is no text is left out', () => {
    const secret = secretOf({ text: 'x' });
    secret.data!.bytes = Buffer.from([0xff, 0xfe]).toString('base64');
    expect(JSON.parse(payloadOf(secret))).toEqual({ text: 'x' });
  });

  test.each([
    ['auth', { 'ghcr.io': { auth: Buffer.from('me:to:ken').toString('base64') } }],
    ['fields', { 'ghcr.io': { username: 'me', password: 'to:ken' } }],
  ])('registry credentials stand beside the keys, from %s', (_, auths) => {
    expect(JSON.parse(payloadOf(registry(auths)))).toEqual({
      '.dockerconfigjson': JSON.stringify({ auths }),
      username: 'me',
      password: 'to:ken',
    });
  });

  test('a broken registry config is copied as it is', () =>
    expect(JSON.parse(payloadOf(secretOf({ '.dockerconfigjson': '{' })))).toEqual({
      '.dockerconfigjson': '{',
    }));

  test('too long: refused with both lengths and without the value', () => {
    expect(() => payloadOf(secretOf({ k: 'x'.repeat(65_536) }))).toThrow(
      expect.objectContaining({ reason: 'Invalid', message: expect.stringMatching(/65544 bytes.*65536$/) }),
    );
    expect(payloadOf(secretOf({ k: 'x'.repeat(65_500) }))).toHaveLength(65_508);
  });

  test('the fingerprint differs by content and by Secret', () => {
    const one = fingerprintOf('u', '{}');
    expect(fingerprintOf('u', '{}')).toBe(one);
    expect(fingerprintOf('u', '{"a":"1"}')).not.toBe(one);
    expect(fingerprintOf('other', '{}')).not.toBe(one);
  });
});

test('a creation names, tags and encrypts', () => {
  const copy = { deployment: 'dev', ref: secretRef('a'), payload: '{}', description: 'what', kmsKey: 'key' };
  expect(createSecretRequest(copy)).toEqual({
    Name: 'shallop/dev/default/ns/a',
    Description: 'what',
    SecretString: '{}',
    KmsKeyId: 'key',
    Tags: [
      { Key: 'shallop.dev/deployment', Value: 'dev' },
      { Key: 'shallop.dev/cluster', Value: 'default' },
      { Key: 'shallop.dev/namespace', Value: 'ns' },
      { Key: 'shallop.dev/name', Value: 'a' },
      { Key: 'shallop.dev/uid', Value: 'uid-a' },
    ],
  });
});

test.each([
  ['shallop/dev/default/ns/my-secret-AbCdEf', 'my-secret'],
  ['shallop/dev/default/ns/my-secret-AbCdEf:key::', 'my-secret'],
  ['shallop/dev/default/ns/serviceaccount/default-AbCdEf:token::', 'serviceaccount/default'],
  ['shallop/dev-2/default/ns/db-AbCdEf', undefined],
  ['mine-AbCdEf', undefined],
])('of the ARN of %s is the copy of %s', (entry, name) =>
  expect(copyIn('dev', `arn:aws:secretsmanager:eu-west-1:1:secret:${entry}`)).toEqual(
    name && { cluster: 'default', namespace: 'ns', name, uid: '' },
  ),
);

describe('requests', () => {
  const parts = { clock: { now: () => 0, sleep: async () => {} }, ids: seededIds(), deployment: 'dev' };
  let secrets: FakeSecrets;
  let vault: SecretVault;
  beforeEach(() => {
    secrets = new FakeSecrets();
    vault = openSecretVault({ ...parts, client: secrets.client });
  });
  const project = (data: Record<string, string>) => vault.project(secretRef('a'), secretOf(data));

  test('unchanged data is one read; changed data one write more', async () => {
    await project({ k: '1' });
    expect(secrets.calls).toEqual(['DescribeSecret', 'CreateSecret']);
    await project({ k: '1' });
    await project({ k: '2' });
    expect(secrets.calls.slice(2)).toEqual(['DescribeSecret', 'DescribeSecret', 'UpdateSecret']);
  });

  test('a name that is not free yet is asked for again later', async () => {
    await project({ k: '1' });
    await vault.remove(secretRef('a'));
    secrets.lingering = 1;
    await expect(project({ k: '1' })).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
    await project({ k: '1' });
  });

  test.each([
    ['CreateSecret', 'ResourceExistsException'],
    ['UpdateSecret', 'InvalidRequestException'],
    ['UpdateSecret', 'ResourceNotFoundException'],
  ])('what %s says of an entry that was just made or deleted (%s) passes', async (request, code) => {
    if (request === 'UpdateSecret') await project({ k: '1' });
    secrets.failNext(request, code);
    await expect(project({ k: '2' })).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
    await project({ k: '2' });
  });

  test('a stranger under our name is left alone', async () => {
    await project({ k: '1' });
    secrets.entries.get('shallop/dev/default/ns/a')!.Tags = [];
    await expect(project({ k: '2' })).rejects.toMatchObject({ reason: 'Conflict' });
    expect(await vault.find(secretRef('a'), secretOf({ k: '1' }))).toBeUndefined();
  });

  test('D11: an entry of an older version counts as none, and a boot token takes its place', async () => {
    const vault = openSecretVault({ ...parts, client: secrets.client, tokens: true });
    const ref = secretRef('serviceaccount/app');
    await new Entries({ ...parts, client: secrets.client }).put({
      ref,
      description: `Tokens of Kubernetes ServiceAccount ${ref.uid}, to be replaced at 2099-01-01T00:00:00Z: token`,
      payload: '{"token":"good for everything"}',
    });
    expect(await vault.tokens!.find(ref)).toBeUndefined();
    await vault.tokens!.keep(ref, 'one', 0);
    expect(await vault.tokens!.find(ref)).toMatchObject({ valueFrom: expect.stringMatching(/:boot::$/) });
    expect(secrets.entries.get('shallop/dev/default/ns/serviceaccount/app')!.SecretString).toBe(
      '{"boot":"one"}',
    );
  });

  test('of what is too long there is no copy', async () => {
    const big = secretOf({ k: 'x'.repeat(65_536) });
    await expect(vault.project(secretRef('a'), big)).rejects.toMatchObject({ reason: 'Invalid' });
    expect(await vault.find(secretRef('a'), big)).toBeUndefined();
    expect(secrets.calls).toEqual([]);
  });

  test('many are listed over pages; throttles are waited out', async () => {
    for (let i = 0; i < 101; i++) await vault.project(secretRef(`s${i}`), secretOf({}));
    secrets.failNext('ListSecrets', 'ThrottlingException');
    expect(await vault.list()).toHaveLength(101);
  });

  test('no error tells a value', async () => {
    for (const request of ['DescribeSecret', 'CreateSecret', 'UpdateSecret', 'TagResource']) {
      secrets.failNext(request, 'InvalidParameterException');
      const error = await project({ k: 'hunter2' }).catch((e: Error) => e);
      const error2 = await project({ k: `hunter2 ${request}` }).catch((e: Error) => e);
      for (const e of [error, error2])
        expect(`${JSON.stringify(e)} ${e} ${(e as Error).cause}`).not.toContain('hunter2');
    }
    const { Description, Tags } = secrets.entries.get('shallop/dev/default/ns/a')!;
    expect(JSON.stringify([Description, Tags])).not.toContain('hunter2');
  });
});
