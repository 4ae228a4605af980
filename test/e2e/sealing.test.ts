import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { adminClient } from '../../src/local/adminClient.ts';
import type { RemoteClient } from '../../src/shared/client/client.ts';
import { secret } from '../../src/shared/kinds/core/v1/secret/index.ts';
import { filesThatTell } from '../support/filesThatTell.ts';
import { openPlane, type Plane } from '../support/plane.ts';

const word = 'correct-horse-battery-staple';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane('sealing');
});
afterAll(() => plane.close());

const client = (): Promise<RemoteClient> => {
  const url = /^ready +(\S+)/m.exec(plane.output.join('\n'))![1]!;
  return adminClient(plane.dataDir, url);
};
const read = async () => {
  const found = await (await client()).get(secret, 'default', 'sealed');
  return Buffer.from(found!.data!.word!, 'base64').toString();
};

test('A10: no file of the data folder shows the value of a Secret, and it is served after a kill', async () => {
  await plane.start('--runtime', 'fake');
  await (await client()).create(secret, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'sealed', namespace: 'default' },
    data: { word: Buffer.from(word).toString('base64') },
  });
  expect(filesThatTell(plane.dataDir, word)).toEqual([]);
  await plane.kill();
  expect(filesThatTell(plane.dataDir, word)).toEqual([]);
  await plane.start('--runtime', 'fake');
  expect(await read()).toBe(word);
  await plane.stop();
});

test('A10: a folder whose key is elsewhere is refused until it is told where', async () => {
  const own = join(plane.dataDir, 'encryption.key');
  const moved = join(plane.folder, 'moved.key');
  writeFileSync(moved, readFileSync(own));
  rmSync(own);
  await expect(plane.start('--runtime', 'fake')).rejects.toThrow(/sealed with the key .* --encryption-key/);
  await plane.start('--runtime', 'fake', '--encryption-key', moved);
  expect(await read()).toBe(word);
});
