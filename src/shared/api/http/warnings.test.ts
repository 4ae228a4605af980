import { expect, test } from '@jest/globals';
import { warn } from '../write/warn.ts';
import { warningHeaders } from './answer.ts';

test('warnings have some 4,096 characters, each 256 where they had more, as on a real server', () => {
  const long = (letter: string, length = 1000) => letter.repeat(length);
  const lines = (warnings: string[]) => warningHeaders(warnings)?.warning;
  expect(lines([])).toBeUndefined();
  expect(lines(['a', long('b', 4095)])).toEqual(['299 - "a"', `299 - "${long('b', 4095)}"`]);
  const many = lines(Array.from({ length: 30_000 }, (_, i) => `${i} ${long('c')}`));
  expect(many).toHaveLength(16);
  expect(many?.[0]).toBe(`299 - "0 ${long('c', 254)}"`);
});

test('no more than a thousand are kept, each once', () => {
  const warnings: string[] = [];
  warn(warnings, ['a', 'a', 'b']);
  expect(warnings).toEqual(['a', 'b']);
  warn(
    warnings,
    Array.from({ length: 100_000 }, (_, i) => String(i)),
  );
  expect(warnings).toHaveLength(1_000);
});
