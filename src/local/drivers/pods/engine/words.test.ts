import { expect, test } from '@jest/globals';
import { stampOf } from './logs.ts';
import { runStateOf } from './runState.ts';
import { startFailure } from './words.ts';

test.each([
  [
    'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "nosuch": executable file not found in $PATH: unknown',
    'exec: "nosuch": executable file not found in $PATH',
  ],
  [
    'runc: exec failed: unable to start container process: exec: "/a/b": stat /a/b: no such file or directory: OCI runtime attempted to invoke a command that was not found',
    'exec: "/a/b": stat /a/b: no such file or directory',
  ],
  [
    'crun: executable file `nosuch` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
    'exec: "nosuch": executable file not found in $PATH',
  ],
  [
    'OCI runtime create failed: runc create failed: unable to start: mount refused: unknown',
    'runc create failed: unable to start: mount refused',
  ],
  ['no such image', undefined],
])('of %s it is told why the program did not start', (text, why) => {
  expect(startFailure(text)).toBe(why);
});

const never = '0001-01-01T00:00:00Z';
const [started, finished] = ['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:02.5Z'];
const [startedAt, finishedAt] = [Date.parse(started), Date.parse(finished)];
test.each([
  [{ Status: 'created', StartedAt: never }, { kind: 'absent' }],
  [
    { Status: 'running', StartedAt: started },
    { kind: 'running', startedAt },
  ],
  [
    { Status: 'exited', ExitCode: 3, StartedAt: started, FinishedAt: finished },
    { kind: 'ended', exitCode: 3, startedAt, finishedAt },
  ],
  [
    { Status: 'exited', ExitCode: 137, OOMKilled: true, StartedAt: started, FinishedAt: finished },
    { kind: 'ended', exitCode: 137, startedAt, finishedAt, reason: 'OOMKilled' },
  ],
  // Podman's own word.
  [
    { Status: 'stopped', ExitCode: 0, StartedAt: started, FinishedAt: never },
    { kind: 'ended', exitCode: 0, startedAt, finishedAt: 7 },
  ],
])('%j is a run that is %j', (state, wanted) => {
  expect(runStateOf(state, 7)).toEqual(wanted);
});

test.each([
  ['2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00.123456789Z'],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000000000Z'],
  ['2026-01-01T01:00:00.5+01:00', '2026-01-01T00:00:00.500000000Z'],
])('the time %s of a log is %s', (text, wanted) => {
  expect(stampOf(text)).toBe(wanted);
});
