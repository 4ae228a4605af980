import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execute, openPlane, type Plane, shallopCommand } from '../support/plane.ts';

/** What the command said, or did not say, to somebody in the first ten minutes. */

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane('commands');
  await plane.start('--runtime', 'fake');
});
afterAll(() => plane.close());

const shallop = (...words: string[]) => {
  const env = { ...process.env, KUBECONFIG: plane.kubeconfig, SHALLOP_DATA_DIR: plane.dataDir };
  return execute(process.execPath, [shallopCommand, ...words], env, '');
};

test('C7: a folder without files is nothing to apply', async () => {
  const empty = join(plane.folder, 'empty');
  mkdirSync(empty);
  const { code, stderr } = await shallop('apply', '-f', empty);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/error: error reading|no objects/),
  });
});

test.each([
  [['up', 'extra'], "up takes no arguments, not 'extra'"],
  [['expose', 'a', 'b'], 'kubectl expose a b'],
  [['taint', 'node-1'], 'kubectl taint node-1'],
  [['strat'], 'did you mean "up"?'],
  [['gte'], 'did you mean "get"?'],
])('C7: %j is answered with a hint', async (words, hint) => {
  const { code, stderr } = await shallop(...words);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(hint) });
});

test('C7: status tells programs in JSON', async () => {
  expect(JSON.parse((await shallop('status', '-o', 'json')).stdout)).toMatchObject({ ready: true });
});

test('C7: the context stays one that answers when that of the current cluster is deleted', async () => {
  await shallop('cluster', 'create', 'red', '--kubeconfig', plane.kubeconfig);
  const current = /current-context: .*/;
  const before = readFileSync(plane.kubeconfig, 'utf8');
  writeFileSync(plane.kubeconfig, before.replace(current, 'current-context: shallop-red'));
  await shallop('cluster', 'delete', 'red', '--kubeconfig', plane.kubeconfig);
  expect(current.exec(readFileSync(plane.kubeconfig, 'utf8'))?.[0]).toBe('current-context: shallop');
});
