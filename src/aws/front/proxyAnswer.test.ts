import { expect, test } from '@jest/globals';
import { proxyAnswer } from './proxyAnswer.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('an answer has a code and one line for each header', () => {
  const headers = { 'content-type': 'application/json', warning: ['299 - "a"', '299 - "b"'] };
  const answer = proxyAnswer({ status: 201, headers, body: bytes('{}') }, () => {});
  expect(answer).toMatchObject({
    statusCode: 201,
    headers: { 'content-type': 'application/json', warning: '299 - "a", 299 - "b"' },
  });
});

test('warnings stop where API Gateway would fail the answer', () => {
  const warning = Array.from({ length: 1_000 }, (_, i) => `299 - "warning ${i}"`);
  const { headers } = proxyAnswer({ status: 200, headers: { warning }, body: bytes('') }, () => {});
  expect(headers.warning).toMatch(/^299 - "warning 0", .*\d"$/);
  expect(headers.warning!.length).toBeLessThanOrEqual(8_192);
});

test('headers are ASCII', () => {
  const warning = ['299 - "unknown field \\"gr\u00c3\u00b6\u00c3\u009fe\\""'];
  const { headers } = proxyAnswer({ status: 200, headers: { warning }, body: bytes('{}') }, () => {});
  expect(headers.warning).toBe('299 - "unknown field \\"gr?e\\""');
});
