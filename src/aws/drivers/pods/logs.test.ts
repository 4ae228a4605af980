import { expect, test } from '@jest/globals';
import { FakeEcsLogs } from '../../../../test/support/aws/fakeEcsLogs.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import type { LogOptions } from '../../../shared/ports/cloud.ts';
import { openSender } from '../sender.ts';
import { readStream } from './logs.ts';

const start = Date.UTC(2026, 0, 1);

function stream(lines: number, pageSize = 3) {
  const clock = new ManualClock(start);
  const logs = new FakeEcsLogs(pageSize);
  const print = (i: number) => logs.print('s', start + i * 1000, `line ${i}`);
  for (let i = 0; i < lines; i++) print(i);
  const reader = { logs: logs as never, group: 'g', clock, send: openSender({ clock, ids: seededIds(1) }) };
  const read = async (options: LogOptions = {}, ended = async () => true) => {
    let text = '';
    for await (const chunk of readStream(reader, 's', options, ended)) text += Buffer.from(chunk).toString();
    return text;
  };
  return { clock, logs, print, read };
}

const text = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i}\n`).join('');

test.each<[string, LogOptions, string]>([
  ['everything, over several pages', {}, text(0, 8)],
  ['the last lines, over several pages', { tailLines: 5 }, text(3, 8)],
  ['more last lines than there are', { tailLines: 50 }, text(0, 8)],
  ['none of them', { tailLines: 0 }, ''],
  ['since a time', { sinceMs: start + 6000 }, text(6, 8)],
  ['the last one since a time', { sinceMs: start + 6000, tailLines: 1 }, text(7, 8)],
  ['its first bytes', { limitBytes: 10 }, 'line 0\nlin'],
  ['with times', { tailLines: 1, timestamps: true }, '2026-01-01T00:00:07.000000000Z line 7\n'],
])('%s', async (_, options, wanted) => {
  expect(await stream(8).read(options)).toBe(wanted);
});

test('a stream that does not exist yet is empty', async () => {
  expect(await stream(0).read()).toBe('');
  expect(await stream(0).read({ tailLines: 3 })).toBe('');
});

test('following goes on after the tail, asks less often while quiet, and ends a moment after the container', async () => {
  const { clock, logs, print, read } = stream(4);
  let over = false;
  const following = read({ follow: true, tailLines: 1 }, async () => over);
  await clock.advance(60_000);
  // About one every five seconds, once quiet.
  expect(logs.calls.length).toBeLessThan(20);
  print(4);
  await clock.advance(6_000);
  over = true;
  print(5);
  await clock.advance(10_000);
  expect(await following).toBe(text(3, 6));
});

test('following ends by its signal', async () => {
  const { clock, read } = stream(1);
  const abort = new AbortController();
  const following = read({ follow: true, signal: abort.signal }, async () => false);
  await clock.advance(1000);
  abort.abort();
  expect(await following).toBe(text(0, 1));
});
