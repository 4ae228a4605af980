import type { KMSClient } from '@aws-sdk/client-kms';
import { expect, test } from '@jest/globals';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import { systemClock } from '../../../shared/clock/systemClock.ts';
import { decryptRequest, generateRequest, openKmsKeys } from './index.ts';

type Command = { constructor: { name: string }; input: unknown };
const opened = (answers: (() => unknown)[], sent: Command[] = []) =>
  openKmsKeys({
    client: {
      send: async (command: Command) => {
        sent.push(command);
        return answers.shift()!();
      },
    } as unknown as KMSClient,
    keyId: 'new',
    formerKeyIds: ['old'],
    deployment: 'dev',
    clock: { ...systemClock, sleep: async () => {} },
    ids: seededIds(),
  });
const failing =
  (name: string, $fault = 'client') =>
  () => {
    throw Object.assign(new Error('no'), { name, $fault });
  };

test('requests name the key and the deployment', () => {
  const EncryptionContext = { 'shallop.dev/deployment': 'dev' };
  expect(generateRequest('k', 'dev')).toEqual({ KeyId: 'k', KeySpec: 'AES_256', EncryptionContext });
  const CiphertextBlob = Uint8Array.of(1);
  expect(decryptRequest('k', CiphertextBlob, 'dev')).toEqual({
    KeyId: 'k',
    CiphertextBlob,
    EncryptionContext,
  });
});

test('a throttle is tried again', async () => {
  const answer = { Plaintext: Uint8Array.of(1), CiphertextBlob: Uint8Array.of(2) };
  const keys = opened([
    failing('ThrottlingException'),
    failing('KMSInternalException', 'server'),
    () => answer,
  ]);
  expect(await keys.generate()).toEqual({ secret: Uint8Array.of(1), wrapped: Uint8Array.of(2) });
});

test('a former key opens, a strange one is refused without asking', async () => {
  const sent: Command[] = [];
  const keys = opened([() => ({ Plaintext: Uint8Array.of(7) })], sent);
  expect(await keys.unwrap(Uint8Array.of(1), 'old')).toEqual(Uint8Array.of(7));
  await expect(keys.unwrap(Uint8Array.of(1), 'strange')).rejects.toMatchObject({ reason: 'Forbidden' });
  expect(sent.map((c) => c.constructor.name)).toEqual(['DecryptCommand']);
});

test('what KMS refuses is an error with its code, at once', async () => {
  await expect(opened([failing('AccessDeniedException')]).generate()).rejects.toMatchObject({
    reason: 'Forbidden',
    message: 'GenerateDataKey: AccessDeniedException: no',
  });
});
