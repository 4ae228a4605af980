import { expect, test } from '@jest/globals';
import { systemClock } from '../../../../shared/clock/systemClock.ts';
import { execCommand } from './exec.ts';

const run = (script: string, timeoutMs: number, signal?: AbortSignal) =>
  execCommand(['sh', '-c', script], {
    ...{ cwd: '/', env: { PATH: process.env.PATH ?? '' }, timeoutMs, clock: systemClock },
    ...(signal && { signal }),
  });

test('a command that ended while this process got no turn is no late one', async () => {
  const ended = run('echo done', 1_000);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_100);
  expect(await ended).toEqual({ exitCode: 0, output: 'done\n' });
});

test('a command that takes too long, or that nobody wants any more, is ended', async () => {
  expect((await run('sleep 100', 40)).exitCode).toBeUndefined();
  const unwanted = new AbortController();
  const ended = run('sleep 100', 600_000, unwanted.signal);
  unwanted.abort();
  expect((await ended).exitCode).toBeUndefined();
  expect((await run('sleep 100', 600_000, unwanted.signal)).exitCode).toBeUndefined();
});
