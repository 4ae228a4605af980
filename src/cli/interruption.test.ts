import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { Interruption } from './interruption.ts';

function watched() {
  const ended: string[] = [];
  let now = 0;
  const interruption = new Interruption(
    (reason) => ended.push(reason),
    () => now,
  );
  return { ended, interruption, pass: (ms: number) => (now += ms) };
}

test('who has asked is told, anything else is ended', () => {
  const { ended, interruption } = watched();
  interruption.ask('SIGINT');
  expect(ended).toEqual(['SIGINT']);
  const { signal } = interruption;
  interruption.ask('SIGTERM');
  expect({ ended, aborted: signal.aborted, reason: signal.reason }).toEqual({
    ...{ ended: ['SIGINT'], aborted: true, reason: 'SIGTERM' },
  });
  interruption.over();
  interruption.ask('SIGHUP');
  expect(ended).toEqual(['SIGINT', 'SIGHUP']);
});

test('who has asked for a while is told in that while', async () => {
  const { ended, interruption } = watched();
  const answer = await interruption.during(async (signal) => !signal.aborted);
  interruption.ask('SIGINT');
  expect({ answer, ended }).toEqual({ answer: true, ended: ['SIGINT'] });
  const { signal } = interruption;
  await interruption.during(async () => {});
  interruption.ask('SIGTERM');
  expect({ aborted: signal.aborted, ended }).toEqual({ aborted: true, ended: ['SIGINT'] });
});

test('a user who asks again ends a verb that is not done, unless npm or a shell has repeated it', () => {
  const { ended, interruption, pass } = watched();
  expect(interruption.signal.aborted).toBe(false);
  interruption.ask('SIGINT');
  pass(500);
  interruption.ask('SIGINT');
  expect(ended).toEqual([]);
  pass(5000);
  // It goes on to say what it does.
  interruption.ask('SIGPIPE');
  expect(ended).toEqual([]);
  interruption.ask('SIGINT');
  expect(ended).toEqual(['SIGINT']);
});

test('a process whose output nobody reads ends, though Node ignores SIGPIPE', () => {
  const file = new URL('./interruption.ts', import.meta.url).href;
  const program = `import { endBy } from '${file}'; setInterval(() => {}, 1000); endBy('SIGPIPE');`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { timeout: 60_000 });
  expect(status).toBe(141);
});
