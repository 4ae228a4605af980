import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { needs } from '../../../../../../test/support/needs.ts';
import { until } from '../../../../../../test/support/until.ts';
import { namesOf } from '../netns/names.ts';
import { openRelay } from './relay.ts';
import { serveWayOut } from './wayOut/serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'shallop-relay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const onWindows = process.platform === 'win32' && 'a shell is needed';

needs(onWindows).test('one that ends at once is started again, and that is told once', async () => {
  const file = join(folder, 'starts');
  const said: string[] = [];
  const enter = ['sh', '-c', `echo >>"$0"; exit 3`, file];
  const relay = openRelay(enter, { block: 1, warn: (line) => said.push(line) });
  expect(existsSync(file)).toBe(false);
  await expect(relay.bind({ host: '127.0.0.1', port: 0 })).rejects.toThrow('has ended');
  await until('it was started three times', () => readFileSync(file, 'utf8').length >= 3);
  relay.close();
  expect(said).toEqual([
    'Pods do not reach other machines: the process that carries what they send ended with 3; it is started anew',
  ]);
});

test('where there is no link the way out says so', async () => {
  const outside = { connect: () => Promise.reject(new Error()), bind: () => Promise.reject(new Error()) };
  await expect(serveWayOut(namesOf(125), outside)).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
});
