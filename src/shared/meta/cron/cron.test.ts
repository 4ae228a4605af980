import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { isTimeZone, parseSchedule } from './index.ts';

/** Answers of robfig/cron v3.0.1 with Go's time zones; many begin next to a change of the clock. Seconds. */
interface Recorded {
  schedule: string;
  zone?: string;
  from?: number;
  next?: number[];
  error?: string;
}

const read = (file: string): Recorded[] =>
  gunzipSync(readFileSync(join(import.meta.dirname, 'testdata', file)))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const recorded = read('robfig.jsonl.gz');
/** Three schedules beside each change of the clock of each zone in two years (tools/cron). */
const besideChanges = read('changes.jsonl.gz');

function answer({ schedule, zone, from }: Recorded): Recorded {
  const head = { schedule, ...(zone && { zone }), ...(from !== undefined && { from }) };
  try {
    const parsed = parseSchedule(schedule, zone);
    if (from === undefined) return head;
    const next: number[] = [];
    for (let at = parsed.next(from * 1000); at !== undefined && next.length < 4; at = parsed.next(at))
      next.push(at / 1000);
    return { ...head, ...(next.length > 0 && { next }) };
  } catch (error) {
    return { ...head, error: (error as Error).message };
  }
}

test('schedules are read, refused and followed as by the parser that Kubernetes uses', () => {
  expect(recorded.length).toBeGreaterThan(500);
  const differing = recorded.filter((one) => JSON.stringify(answer(one)) !== JSON.stringify(one));
  expect(differing.map((one) => [one, answer(one)])).toEqual([]);
});

test('beside every change of the clock of every zone schedules come as that parser has them', () => {
  expect(new Set(besideChanges.map(({ zone }) => zone)).size).toBeGreaterThan(130);
  const differing = besideChanges.filter((one) => JSON.stringify(answer(one)) !== JSON.stringify(one));
  expect(differing.map((one) => [one, answer(one)])).toEqual([]);
});

test.each([
  ['Europe/Rome', true],
  ['US/Eastern', true],
  ['Etc/GMT+5', true],
  ['us/eastern', false],
  ['Local', false],
  ['Mars/Olympus', false],
  ['', false],
])('%s is a time zone: %s', (name, expected) => expect(isTimeZone(name)).toBe(expected));
