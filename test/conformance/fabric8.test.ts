import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { buildWithMaven } from '../support/maven.ts';
import { isWindows, needs } from '../support/needs.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { programs } from '../support/programs.ts';

// Building takes a minute where nothing of it is there yet, which is more than a test may.
const program = isWindows ? { obstacle: isWindows } : await buildWithMaven('test/clients/fabric8', 'fabric8');
const { test } = needs('obstacle' in program && program.obstacle);

let plane: Plane;
beforeAll(async () => {
  if ('classPath' in program) plane = await openPlane('fabric8', programs);
});
afterAll(() => plane?.close());

test('B3, B4: fabric8 by its default client: CRUD, watch, log, exec, and an informer across a restart', async () => {
  await plane.start();
  const child = spawn(
    'java',
    ['-Xmx256m', '-cp', 'classPath' in program ? program.classPath : '', 'shallop.Main'],
    {
      env: { ...process.env, KUBECONFIG: plane.kubeconfig },
    },
  );
  const ended = once(child, 'close');
  const said: string[] = [];
  const wrong: string[] = [];
  createInterface({ input: child.stderr }).on(
    'line',
    (line) => !line.startsWith('\tat ') && wrong.push(line),
  );
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === 'restart') {
        await plane.kill();
        await plane.start();
        child.stdin.end('restarted\n');
      } else said.push(line);
    }
    await ended;
    expect({ said, code: child.exitCode, wrong: child.exitCode === 0 ? [] : wrong }).toEqual({
      said: ['crud', 'watch', 'pod', 'log', 'exec', 'informer'].map((step) => `ok ${step}`),
      code: 0,
      wrong: [],
    });
  } finally {
    child.kill('SIGKILL');
  }
}, 480_000);
