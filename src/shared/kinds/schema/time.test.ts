import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalTime, formatTime, timeParts } from './time.ts';

test.each([
  ['2026-01-02T03:04:05Z', 'Time', '2026-01-02T03:04:05Z'],
  ['2026-01-02T03:04:05.999Z', 'Time', '2026-01-02T03:04:05Z'],
  ['2026-01-01T00:30:00+01:00', 'Time', '2025-12-31T23:30:00Z'],
  ['2024-02-29T00:00:00-00:30', 'Time', '2024-02-29T00:30:00Z'],
  ['0001-01-01T00:00:00Z', 'Time', null],
  ['0099-01-01T00:00:00Z', 'Time', '0099-01-01T00:00:00Z'],
  ['2026-01-02T03:04:05.000001Z', 'MicroTime', '2026-01-02T03:04:05.000001Z'],
  ['2026-01-02T03:04:05.120000+02:00', 'MicroTime', '2026-01-02T01:04:05.120000Z'],
] as const)('%s as %s is %s', (text, kind, canonical) => {
  expect(canonicalTime(text, kind)).toBe(canonical);
});

const layout = '2006-01-02T15:04:05Z07:00';
test.each([
  ['', `parsing time "" as "${layout}": cannot parse "" as "2006"`],
  ['2026-01-02', `parsing time "2026-01-02" as "${layout}": cannot parse "" as "T"`],
  ['2026-01-02T03:04:05', `parsing time "2026-01-02T03:04:05" as "${layout}": cannot parse "" as "Z07:00"`],
  ['2026-13-02T03:04:05Z', 'parsing time "2026-13-02T03:04:05Z": month out of range'],
  ['2026-02-29T03:04:05Z', 'parsing time "2026-02-29T03:04:05Z": day out of range'],
  ['2026-01-02T24:00:00Z', 'parsing time "2026-01-02T24:00:00Z": hour out of range'],
  ['2026-01-02T03:04:05Zx', 'parsing time "2026-01-02T03:04:05Zx": extra text: "x"'],
])('%j is refused in the words of Go', (text, message) => {
  expect(() => canonicalTime(text, 'Time')).toThrow(message);
});

test('a MicroTime has six places', () => {
  expect(() => canonicalTime('2026-01-02T03:04:05Z', 'MicroTime')).toThrow('cannot parse "Z" as ".000000"');
});

test('a time that is written as it is read is what reading and writing it gives', () => {
  const two = (max: number) => fc.integer({ min: 0, max }).map((n) => `${n}`.padStart(2, '0'));
  const seen = new Set<string>();
  const outcomeOf = (make: () => string | null) => {
    try {
      return make();
    } catch (error) {
      return (error as Error).message;
    }
  };
  const year = fc.constantFrom('0000', '0001', '0999', '1900', '2000', '2023', '2024', '9999');
  fc.assert(
    fc.property(
      fc.tuple(year, two(13), two(32)),
      fc.tuple(two(25), two(61), two(61)),
      fc.boolean(),
      (day, time, isMicro) => {
        const kind = isMicro ? 'MicroTime' : 'Time';
        const text = `${day.join('-')}T${time.join(':')}${isMicro ? '.000120' : ''}Z`;
        const slowly = outcomeOf(() => {
          const { seconds, micros } = timeParts(text);
          return formatTime(seconds, micros, kind);
        });
        expect(outcomeOf(() => canonicalTime(text, kind))).toBe(slowly);
        seen.add(slowly === text ? 'same' : 'other');
      },
    ),
    { numRuns: 3000 },
  );
  expect(seen.size).toBe(2);
});
