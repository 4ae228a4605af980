import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { greetingOf } from './clientHello.ts';

/** What Node's client says first. */
function hello(servername: string): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = new Duplex({
      read() {},
      write(chunk: Buffer, _, done) {
        resolve(chunk);
        done();
      },
    });
    connect({ socket, servername }).on('error', () => {});
  });
}

test.each(['a.example.com', 'A.Example.COM', ''])('a greeting for %j is read', async (name) => {
  expect(greetingOf(await hello(name))).toEqual({ name: name.toLowerCase() });
});

test('as long as a greeting is not whole, more is awaited', async () => {
  const whole = await hello('a.example.com');
  for (let i = 0; i < whole.length; i++)
    expect([i, greetingOf(whole.subarray(0, i))]).toEqual([i, 'incomplete']);
});

test('a greeting in several records is read', async () => {
  const whole = (await hello('a.example.com')).subarray(5);
  const record = (part: Buffer) =>
    Buffer.concat([Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part]);
  const split = Buffer.concat([record(whole.subarray(0, 50)), record(whole.subarray(50))]);
  expect(greetingOf(split)).toEqual({ name: 'a.example.com' });
});

test('what is no greeting is told', () => {
  expect(greetingOf(Buffer.from('GET / HTTP/1.1\r\n'))).toBe('foreign');
  expect(greetingOf(Buffer.from([22, 3, 1, 0, 0, 0]))).toBe('foreign');
  expect(greetingOf(Buffer.from([22, 3, 1, 0, 4, 1, 255, 255, 255]))).toBe('foreign');
});

test('nothing that somebody sends makes it fail', async () => {
  const whole = await hello('a.example.com');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      expect(['incomplete', 'foreign', 'object']).toContain(
        ((greeting) => (typeof greeting === 'string' ? greeting : typeof greeting))(greetingOf(bytes)),
      );
    }),
  );
});
