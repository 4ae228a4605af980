import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askSts } from '../../src/aws/front/askSts.ts';
import { iamTokens } from '../../src/aws/iam/authenticator.ts';
import { presignedToken } from '../../src/aws/iam/presign.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { type MiniStack, noMiniStack, startMiniStack } from '../../tools/emulator/ministack.ts';
import { freePort } from '../../tools/freePort.ts';
import { needs } from '../support/needs.ts';

const why = noMiniStack();
const { describe: describeWithEmulator } = needs(why);

/** Nothing of ours checks a signature: this does, with a key that it made itself. */
describeWithEmulator('tokens before an STS that checks signatures', () => {
  let emulator: MiniStack;
  let folder: string;
  let accessKeyId: string;
  let secretAccessKey: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shallop-sts-'));
    emulator = await startMiniStack({ port: await freePort(), run: folder, env: { AUTH: 'true' } });
    await iam(emulator, { Action: 'CreateUser', UserName: 'bob' });
    const key = await iam(emulator, { Action: 'CreateAccessKey', UserName: 'bob' });
    accessKeyId = /<AccessKeyId>(.*?)</.exec(key)?.[1] ?? '';
    secretAccessKey = /<SecretAccessKey>(.*?)</.exec(key)?.[1] ?? '';
  }, 540_000);
  afterAll(() => {
    emulator?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    { what: 'signed for this cluster', is: 'kubernetes-admin' },
    { what: 'signed with another secret', secret: 'x', is: undefined },
    { what: 'signed for another cluster', clusterId: 'other', is: undefined },
  ])('$what: $is', async ({ secret, clusterId = 'here', is }) => {
    const verify = iamTokens({
      clusterId: 'here',
      region: 'us-east-1',
      clock: systemClock,
      ask: askSts(emulator.endpoint),
      refused: () => {},
      creatorArn: 'arn:aws:iam::000000000000:user/bob',
      entries: [],
      awsAuth: async () => ({ principals: [], accounts: [] }),
    });
    const credentials = { accessKeyId, secretAccessKey: secret ?? secretAccessKey };
    const token = presignedToken({ credentials, region: 'us-east-1', clusterId, now: Date.now() });
    expect((await verify(token, 'default'))?.name).toBe(is);
  });
});

/** The emulator's own key may do everything, unsigned. */
async function iam({ endpoint }: MiniStack, parameters: Record<string, string>): Promise<string> {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x';
  const body = new URLSearchParams({ Version: '2010-05-08', ...parameters });
  return (await fetch(endpoint, { method: 'POST', headers: { authorization }, body })).text();
}
