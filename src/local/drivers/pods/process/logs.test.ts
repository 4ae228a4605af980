import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import type { LogOptions } from '../../../../shared/ports/cloud.ts';
import { readLog } from './logReader.ts';
import { LogTail } from './logTail.ts';

let folder: string;
let log: string;
const rotation = { maxBytes: 4000, maxFiles: 3 };
const clock = new ManualClock();
const tails: LogTail[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-log-'));
  log = join(folder, '0.log');
});
afterEach(() => {
  for (const tail of tails.splice(0)) tail.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (limits = rotation) => {
  const tail = new LogTail(folder, log, clock, limits);
  tails.push(tail);
  return tail;
};
const print = (text: string, stream = 'stdout') => appendFileSync(join(folder, stream), text);
const read = async (options: LogOptions = {}, limits = rotation) => {
  let text = '';
  const ended = { ended: true, more: async () => {} };
  for await (const chunk of readLog(log, limits, options, ended)) text += Buffer.from(chunk).toString();
  return text;
};

test('whole lines go into the log in the format of CRI, the rest when it is complete', async () => {
  const tail = open();
  print('one\ntw');
  print('bad\n', 'stderr');
  tail.pump();
  expect(readFileSync(log, 'utf8')).toBe(
    '2026-01-01T00:00:00.000000000Z stdout F one\n2026-01-01T00:00:00.000000000Z stderr F bad\n',
  );
  print('o\nlast');
  tail.pump(true);
  expect(await read()).toBe('one\nbad\ntwo\nlast');
});

test('a long line is kept in parts and read as one', async () => {
  const tail = open({ ...rotation, maxBytes: 1e6 });
  const long = 'é'.repeat(30_000);
  print(`${long}\nshort\n`);
  tail.pump();
  expect(readFileSync(log, 'latin1').split('\n')[0]).toMatch(/ stdout P /);
  expect(await read()).toBe(`${long}\nshort\n`);
  expect(await read({ tailLines: 2 })).toBe(`${long}\nshort\n`);
  expect(await read({ tailLines: 1 })).toBe('short\n');
});

test('it rotates, keeps so many files, and is read across them', async () => {
  const tail = open();
  for (let i = 0; i < 400; i++) {
    print(`line ${i}\n`);
    tail.pump();
  }
  expect(statSync(`${log}.2`).size).toBeGreaterThanOrEqual(rotation.maxBytes);
  expect(statSync(`${log}.3`, { throwIfNoEntry: false })).toBeUndefined();
  const lines = (await read()).trim().split('\n');
  expect(lines.at(-1)).toBe('line 399');
  expect(lines.length).toBeGreaterThan(160);
  expect(lines).toEqual(Array.from({ length: lines.length }, (_, i) => `line ${400 - lines.length + i}`));
  for (const tailLines of [1, 2, 100, 150])
    expect((await read({ tailLines })).trim().split('\n')).toEqual(lines.slice(-tailLines));
});

test('the tail of a log of many blocks', async () => {
  const wide = { ...rotation, maxBytes: 1e9 };
  const tail = open(wide);
  print(Array.from({ length: 5000 }, (_, i) => `${i} ${'x'.repeat(i % 97)}\n`).join(''));
  tail.pump();
  for (const tailLines of [0, 1, 700, 1500, 4999, 5000, 6000]) {
    const lines = (await read({ tailLines }, wide)).split('\n').slice(0, -1);
    expect(lines.map((line) => Number(line.split(' ')[0]))).toEqual(
      Array.from({ length: Math.min(5000, tailLines) }, (_, i) => Math.max(0, 5000 - tailLines) + i),
    );
  }
});

test('another control plane goes on where the last one was, whatever that one had half done', async () => {
  const first = open();
  print('one\n');
  first.pump();
  first.close();
  // Killed after it had written a line and before it had noted that.
  appendFileSync(log, '2026-01-01T00:00:00.000000000Z stdout F two\n');
  print('two\nthree\n');
  open().pump();
  expect(await read()).toBe('one\ntwo\nthree\n');
});

test('what was taken over is emptied, so that it does not grow', async () => {
  const wide = { ...rotation, maxBytes: 1e9 };
  const tail = open(wide);
  print(`${'y'.repeat(1000)}\n`.repeat(1100));
  tail.pump();
  expect(statSync(join(folder, 'stdout')).size).toBe(0);
  print('after\n');
  tail.pump();
  expect(await read({ tailLines: 1 }, wide)).toBe('after\n');
});
