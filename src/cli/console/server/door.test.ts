import { expect, test } from '@jest/globals';
import { openDoor } from './door.ts';

function open() {
  let time = 0;
  let word = 0;
  const door = openDoor(
    8080,
    () => time,
    () => `word-${++word}`,
  );
  return { door, wait: (ms: number) => (time += ms) };
}
const host = '127.0.0.1:8080';
const cookie = 'shallop-console=word-3';
const own = { host, cookie, 'sec-fetch-site': 'same-origin' };

test('the token is good once, and its cookie for the hidden path alone', () => {
  const { door } = open();
  expect(door.address).toBe('http://127.0.0.1:8080/word-1/?token=word-2');
  expect(door.redeem('word-3')).toBeUndefined();
  expect(door.redeem('word-2')).toBe('shallop-console=word-3; HttpOnly; SameSite=Strict; Path=/word-1/');
  expect(door.redeem('word-2')).toBeUndefined();
});

test('the token is good for ten minutes', () => {
  const { door, wait } = open();
  wait(10 * 60_000 + 1);
  expect(door.redeem('word-2')).toBeUndefined();
});

test.each([
  ['its own page', { method: 'GET', headers: own }],
  ['localhost', { method: 'GET', headers: { ...own, host: 'localhost:8080' } }],
  ['an address that was typed', { method: 'GET', headers: { ...own, 'sec-fetch-site': 'none' } }],
  ['a change by its own page', { method: 'PUT', headers: { ...own, origin: `http://${host}` } }],
  [
    'a socket of its own page',
    { method: 'GET', headers: { ...own, upgrade: 'websocket', origin: `http://${host}` } },
  ],
  ['several cookies', { method: 'GET', headers: { ...own, cookie: `a=b; ${cookie}; c=d` } }],
])('%s gets in', (_name, request) => expect(() => open().door.check(request)).not.toThrow());

test.each([
  ['another host', { headers: { ...own, host: 'evil.example:8080' } }, 'Forbidden'],
  ['another port', { headers: { ...own, host: '127.0.0.1:8081' } }, 'Forbidden'],
  ['no host', { headers: { ...own, host: undefined } }, 'Forbidden'],
  ['a host that only begins so', { headers: { ...own, host: `${host}.evil.example` } }, 'Forbidden'],
  ['a page of elsewhere', { headers: { ...own, origin: 'http://evil.example' } }, 'Forbidden'],
  ['a page of another port', { headers: { ...own, origin: 'http://127.0.0.1:3000' } }, 'Forbidden'],
  ['a page with no origin', { headers: { ...own, origin: 'null' } }, 'Forbidden'],
  ['a page of the same site', { headers: { ...own, 'sec-fetch-site': 'same-site' } }, 'Forbidden'],
  ['a page of another site', { headers: { ...own, 'sec-fetch-site': 'cross-site' } }, 'Forbidden'],
  ['a change without an origin', { method: 'PUT', headers: own }, 'Forbidden'],
  ['a socket without an origin', { headers: { ...own, upgrade: 'websocket' } }, 'Forbidden'],
  ['no cookie', { headers: { ...own, cookie: undefined } }, 'Unauthorized'],
  ['an empty cookie', { headers: { ...own, cookie: 'shallop-console=' } }, 'Unauthorized'],
  ['the token as a cookie', { headers: { ...own, cookie: 'shallop-console=word-2' } }, 'Unauthorized'],
  ['a longer cookie', { headers: { ...own, cookie: `${cookie}0` } }, 'Unauthorized'],
])('%s does not get in', (_name, { headers, ...rest }, reason) =>
  expect(() => open().door.check({ method: 'GET', ...rest, headers })).toThrow(
    expect.objectContaining({ reason }),
  ),
);
