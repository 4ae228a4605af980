import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import type { LogOptions } from '../../../../shared/ports/cloud.ts';
import { readLog } from '../process/logReader.ts';
import { LogWriter, type StreamName } from './logWriter.ts';

let folder: string;
let log: string;
const rotation = { maxBytes: 4000, maxFiles: 3 };
const clock = new ManualClock();
const writers: LogWriter[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-log-'));
  log = join(folder, '0.log');
});
afterEach(() => {
  for (const writer of writers.splice(0)) writer.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (limits = rotation) => {
  const writer = new LogWriter(log, join(folder, 'taken'), limits, () => clock.now());
  writers.push(writer);
  return {
    writer,
    print: (text: string, stream: StreamName = 'stdout') => writer.take(stream, Buffer.from(text)),
  };
};
const read = async (options: LogOptions = {}, limits = rotation) => {
  let text = '';
  const ended = { ended: true, more: async () => {} };
  for await (const chunk of readLog(log, limits, options, ended)) text += Buffer.from(chunk).toString();
  return text;
};

test('whole lines go into the log in the format of CRI, the rest when it is complete', async () => {
  const { writer, print } = open();
  print('one\ntw');
  print('bad\n', 'stderr');
  expect(readFileSync(log, 'utf8')).toBe(
    '2026-01-01T00:00:00.000000000Z stdout F one\n2026-01-01T00:00:00.000000000Z stderr F bad\n',
  );
  print('o\nlast');
  writer.finish();
  expect(await read()).toBe('one\nbad\ntwo\nlast');
});

test('a line has the time at which it was read', async () => {
  const { print } = open();
  print('one\n');
  clock.advance(1500);
  print('two\n');
  expect(await read({ timestamps: true })).toBe(
    '2026-01-01T00:00:00.000000000Z one\n2026-01-01T00:00:01.500000000Z two\n',
  );
});

test('a long line is kept in parts and read as one', async () => {
  const { print } = open({ ...rotation, maxBytes: 1e6 });
  const long = 'é'.repeat(30_000);
  print(`${long}\nshort\n`);
  expect(readFileSync(log, 'latin1').split('\n')[0]).toMatch(/ stdout P /);
  expect(await read()).toBe(`${long}\nshort\n`);
  expect(await read({ tailLines: 2 })).toBe(`${long}\nshort\n`);
  expect(await read({ tailLines: 1 })).toBe('short\n');
});

test('it rotates, keeps so many files, and is read across them', async () => {
  const { print } = open();
  for (let i = 0; i < 400; i++) print(`line ${i}\n`);
  expect(statSync(`${log}.2`).size).toBeGreaterThanOrEqual(rotation.maxBytes);
  expect(statSync(`${log}.3`, { throwIfNoEntry: false })).toBeUndefined();
  const lines = (await read()).trim().split('\n');
  expect(lines.at(-1)).toBe('line 399');
  expect(lines.length).toBeGreaterThan(160);
  expect(lines).toEqual(Array.from({ length: lines.length }, (_, i) => `line ${400 - lines.length + i}`));
  for (const tailLines of [1, 2, 100, 150])
    expect((await read({ tailLines })).trim().split('\n')).toEqual(lines.slice(-tailLines));
});

test('who follows sees every line across rotations, as long as the files are there', async () => {
  const { print } = open();
  print('line 0\n');
  let next = 1;
  // A few lines a time, so that every third time or so the log is rotated.
  const growing = {
    get ended() {
      return next >= 400;
    },
    more: async () => {
      for (const until = Math.min(400, next + 40); next < until; next++) print(`line ${next}\n`);
    },
  };
  let text = '';
  for await (const chunk of readLog(log, rotation, { follow: true }, growing))
    text += Buffer.from(chunk).toString();
  expect(text.trim().split('\n')).toEqual(Array.from({ length: 400 }, (_, i) => `line ${i}`));
});

test('B14: the last line of a log that grows meanwhile is one line', async () => {
  const { print } = open();
  for (let i = 0; i < 60; i++) print(`line ${i}\n`);
  let text = '';
  const growing = { ended: false, more: async () => {} };
  for await (const chunk of readLog(log, rotation, { tailLines: 20 }, growing)) {
    text += Buffer.from(chunk).toString();
    print('more\n');
  }
  expect(text.trim().split('\n')).toEqual(Array.from({ length: 20 }, (_, i) => `line ${i + 40}`));
});

test('the tail of a log of many blocks', async () => {
  const wide = { ...rotation, maxBytes: 1e9 };
  const { print } = open(wide);
  print(Array.from({ length: 5000 }, (_, i) => `${i} ${'x'.repeat(i % 97)}\n`).join(''));
  for (const tailLines of [0, 1, 700, 1500, 4999, 5000, 6000]) {
    const lines = (await read({ tailLines }, wide)).split('\n').slice(0, -1);
    expect(lines.map((line) => Number(line.split(' ')[0]))).toEqual(
      Array.from({ length: Math.min(5000, tailLines) }, (_, i) => Math.max(0, 5000 - tailLines) + i),
    );
  }
});

test('another control plane goes on within the line in which the last one was killed', async () => {
  const first = open();
  first.print('one\ntw');
  first.print('ba', 'stderr');
  const second = open();
  second.print('o\n');
  second.print('d\n', 'stderr');
  expect(await read()).toBe('one\ntwo\nbad\n');
});

test('half a line in the log is cut, and one that is there already is not written twice', async () => {
  open().print('one\ntw');
  // Killed after it had written the line and before it had noted that, and within the next one.
  appendFileSync(log, '2026-01-01T00:00:00.000000000Z stdout F two\n2026-01-01T00:00:00.0000');
  open().print('three\n');
  expect(await read()).toBe('one\ntwo\nthree\n');
});
