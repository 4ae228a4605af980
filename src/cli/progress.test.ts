import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Progress } from './progress.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const written = () => {
  const all: string[] = [];
  return { all, progress: new Progress((text) => all.push(text), Date.now) };
};

test('what is done within two seconds says nothing', () => {
  const { all, progress } = written();
  const done = progress.start('loading');
  jest.advanceTimersByTime(1_900);
  done();
  jest.advanceTimersByTime(5_000);
  expect(all).toEqual([]);
});

test('what takes longer is told with its time, makes room for lines and leaves nothing', () => {
  const { all, progress } = written();
  const done = progress.start('loading');
  jest.advanceTimersByTime(2_000);
  expect(all).toEqual(['\r\u001b[Kloading (2 s)']);
  progress.clear();
  progress.clear();
  expect(all.slice(1)).toEqual(['\r\u001b[K']);
  jest.advanceTimersByTime(1_000);
  expect(all.at(-1)).toBe('\r\u001b[Kloading (3 s)');
  done();
  expect(all.at(-1)).toBe('\r\u001b[K');
});
