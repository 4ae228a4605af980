import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runCli } from '../support/cli.ts';
import { openPlane, type Plane, shallopCommand } from '../support/plane.ts';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane('unread');
  const policy = join(plane.folder, 'policy.json');
  const rules = [{ level: 'Metadata' }];
  writeFileSync(policy, JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }));
  // A line of output for each request.
  await plane.start('--runtime', 'fake', '--audit-policy-file', policy, '--audit-log-path', '-');
});
afterAll(() => plane.close());

test('up serves on when nobody reads what it says: `shallop up 2>&1 | head -3`', async () => {
  const child = plane.child!;
  child.stdout!.destroy();
  child.stderr!.destroy();
  const shallop = (...words: string[]) =>
    runCli(words, { env: { KUBECONFIG: plane.kubeconfig }, cwd: plane.folder });
  for (const name of ['a', 'b', 'c'])
    expect(await shallop('create', 'configmap', name)).toMatchObject({ code: 0 });
  expect(await shallop('get', 'configmap', 'c', '-o', 'name')).toMatchObject({ stdout: 'configmap/c\n' });
  expect(await plane.shallop('status')).toMatch(/\nready +yes\n/);
  expect(await plane.stop()).toBe(0);
});

test('a verb whose output nobody reads ends as kubectl does, and says nothing of it', async () => {
  const child = spawn(process.execPath, [shallopCommand, 'help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  child.stdout.destroy();
  expect([await text(child.stderr), await ended]).toEqual(['', [141, null]]);
});
