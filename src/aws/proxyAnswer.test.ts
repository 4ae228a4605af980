import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { proxyAnswer } from './proxyAnswer.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = async (body: AsyncIterable<Uint8Array>) => {
  let text = '';
  for await (const chunk of body) text += chunk;
  return text;
};

test('metadata has a code and one line for each header, nothing else', async () => {
  const headers = { 'content-type': 'application/json', warning: ['299 - "a"', '299 - "b"'] };
  const { body, ...metadata } = proxyAnswer({ status: 201, headers, body: bytes('{}') }, () => {});
  expect(metadata).toEqual({
    statusCode: 201,
    headers: { 'content-type': 'application/json', warning: '299 - "a", 299 - "b"' },
  });
  expect(await textOf(body)).toBe('{}');
});

test('warnings stop where API Gateway would fail the answer', () => {
  const warning = Array.from({ length: 1_000 }, (_, i) => `299 - "warning ${i}"`);
  const { headers } = proxyAnswer({ status: 200, headers: { warning }, body: bytes('') }, () => {});
  expect(headers.warning).toMatch(/^299 - "warning 0", .*\d"$/);
  expect(headers.warning!.length).toBeLessThanOrEqual(8_192);
});

test('empty pieces do not end a stream', async () => {
  async function* pieces() {
    for (const text of ['', 'a', '', '', 'b', '']) yield bytes(text);
  }
  const { body } = proxyAnswer({ status: 200, headers: {}, body: pieces() }, () => {});
  expect(await textOf(body)).toBe('ab');
});

test('work stops when the stream ends, fails or is left', async () => {
  for (const how of ['end', 'fail', 'leave'] as const) {
    const stopped = new AbortController();
    async function* quiet() {
      if (how === 'fail') throw new Error('broken');
      if (how === 'leave') await once(stopped.signal, 'abort');
      yield bytes('x');
    }
    const { body } = proxyAnswer({ status: 200, headers: {}, body: quiet() }, () => stopped.abort());
    const closed = new Promise((resolve) => body.once('close', resolve));
    body.on('error', () => {}).resume();
    if (how === 'leave') body.destroy();
    await closed;
    expect(stopped.signal.aborted).toBe(true);
  }
});
