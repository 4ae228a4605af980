import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openShell } from './shell.ts';

/** Stands for the connection: keeps what is sent. */
class Socket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static last: Socket;
  readyState = Socket.CONNECTING;
  onopen = () => {};
  readonly sent: Uint8Array[] = [];
  readonly address: URL;
  constructor(address: URL) {
    this.address = address;
    Socket.last = this;
  }
  send(message: Uint8Array): void {
    this.sent.push(message);
  }
  open(): void {
    this.readyState = Socket.OPEN;
    this.onopen();
  }
}

const globals = ['document', 'WebSocket'] as const;
const before = globals.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
const put = (name: string, value: unknown) =>
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

beforeEach(() => {
  put('document', { baseURI: 'http://127.0.0.1:1/' });
  put('WebSocket', Socket);
});
afterEach(() => {
  for (const [at, name] of globals.entries()) {
    Reflect.deleteProperty(globalThis, name);
    if (before[at]) Object.defineProperty(globalThis, name, before[at]);
  }
});

const open = () =>
  openShell({ namespace: 'a', name: 'b', container: 'c' }, ['sh', '-l'], { output() {}, ended() {} });

/** What a program reads of the messages of a stream: their bytes, one after the other. */
function readOf(stream: number): string {
  const bytes = Socket.last.sent.filter(([first]) => first === stream).flatMap(([, ...rest]) => rest);
  return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
}

test('a long paste arrives whole, in messages of limited size, wherever its characters are cut', () => {
  const shell = open();
  Socket.last.open();
  const text = `${'x'.repeat(8191)}😀${'한글'.repeat(5000)}`;
  shell.say(text);
  expect(readOf(0) === text).toBe(true);
  expect(Math.max(...Socket.last.sent.map(({ length }) => length))).toBe(8193);
});

test('what is said and told before the connection is there comes after it, in order', () => {
  const shell = open();
  shell.resize(24, 80);
  shell.say('ls\r');
  expect(Socket.last.sent).toEqual([]);
  Socket.last.open();
  expect(Socket.last.sent.map(([stream]) => stream)).toEqual([4, 0]);
  expect(JSON.parse(readOf(4))).toEqual({ Width: 80, Height: 24 });
  expect(readOf(0)).toBe('ls\r');
  expect(`${Socket.last.address}`).toBe(
    'ws://127.0.0.1:1/api/v1/namespaces/a/pods/b/exec?container=c&tty=true&command=sh&command=-l',
  );
});
