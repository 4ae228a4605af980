import { expect, test } from '@jest/globals';
import { verdictOf } from './verdict.ts';

const now = Date.UTC(2026, 0, 1);
const again = (status: number, afterMs?: number) => ({
  is: 'again',
  why: `the receiver answered ${status}`,
  ...(afterMs !== undefined && { afterMs }),
});

test.each([200, 202, 204, 299])('%d is taken', (status) =>
  expect(verdictOf({ status }, now)).toEqual({ is: 'told' }),
);
test.each([400, 410, 413, 415, 422])('%d will never be taken', (status) =>
  expect(verdictOf({ status }, now)).toEqual({ is: 'in vain', why: `the receiver answered ${status}` }),
);
test.each([0, 100, 401, 403, 404, 408, 409, 425, 429, 500, 502, 503, 504])('%d is tried again', (status) =>
  expect(verdictOf({ status }, now)).toEqual(again(status)),
);
test('a redirect is not followed', () =>
  expect(verdictOf({ status: 307 }, now)).toEqual({
    ...again(307),
    why: 'the receiver answered 307, which is not followed',
  }));

test.each([
  { status: 429, retryAfter: '7', afterMs: 7_000 },
  { status: 503, retryAfter: new Date(now + 9_000).toUTCString(), afterMs: 9_000 },
  { status: 503, retryAfter: new Date(now - 9_000).toUTCString(), afterMs: 0 },
  { status: 503, retryAfter: '999999', afterMs: 3_600_000 },
  { status: 503, retryAfter: 'soon', afterMs: undefined },
  { status: 503, retryAfter: '-1', afterMs: undefined },
  { status: 500, retryAfter: '7', afterMs: undefined },
])('$status with Retry-After $retryAfter waits $afterMs ms', ({ status, retryAfter, afterMs }) =>
  expect(verdictOf({ status, retryAfter }, now)).toEqual(again(status, afterMs)),
);
