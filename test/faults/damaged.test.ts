import { copyFileSync, openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LoadClient } from '../../bench/load.ts';
import { openPlane, type Plane } from '../support/plane.ts';

let plane: Plane;
let data: string;
beforeAll(async () => {
  plane = await openPlane('damaged');
  data = join(plane.dataDir, 'storage', 'data.mdb');
  await plane.start('--runtime', 'fake');
  const client = new LoadClient(plane.kubeconfig);
  for (let n = 0; n < 300; n++)
    await client.call('POST', '/api/v1/namespaces/default/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `c${n}` },
      data: { value: 'x'.repeat(3000) },
    });
  client.close();
  await plane.stop();
  copyFileSync(data, `${data}.whole`);
});
afterAll(() => plane.close());

const page = 4096;

/** Overwrites a piece of the file. */
function overwrite(at: number, bytes: Buffer): void {
  const file = openSync(data, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
}

test.each<[string, () => void]>([
  ['cut in half', () => truncateSync(data, Math.floor(statSync(data).size / 8))],
  ['shorter than a page', () => truncateSync(data, 100)],
  ['overwritten at its beginning', () => overwrite(0, Buffer.alloc(2 * page, 7))],
  ['full of noughts', () => overwrite(0, Buffer.alloc(statSync(data).size))],
])('a data file %s is refused with what to do, and stays as it is', async (_, damage) => {
  copyFileSync(`${data}.whole`, data);
  damage();
  const before = readFileSync(data);
  await expect(plane.start('--runtime', 'fake')).rejects.toThrow(
    /is damaged or not shallop's: .*Restore the folder from a backup, or move it away/,
  );
  expect(readFileSync(data).equals(before)).toBe(true);
  copyFileSync(`${data}.whole`, data);
  await plane.start('--runtime', 'fake');
  expect(await plane.stop()).toBe(0);
  copyFileSync(data, `${data}.whole`);
});
