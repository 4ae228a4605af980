import { EventEmitter } from 'node:events';
import { expect, jest, test } from '@jest/globals';
import { onUnread, type Unread } from './unread.ts';
import { verbs } from './verbs/index.ts';

const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
const full = Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' });

/** What is done when one of two outputs fails while a verb wants this. */
function done(wanted: Unread, error: Error): string[] {
  const outputs = [new EventEmitter(), new EventEmitter()];
  const said: string[] = [];
  onUnread(outputs, {
    wanted: () => wanted,
    exit: (code) => said.push(`exit ${code}`),
    interrupt: () => said.push('interrupt'),
  });
  outputs[1]!.emit('error', error);
  return said;
}

test('a verb ends as by SIGPIPE, is asked to end, or goes on, when its reader has left', () => {
  expect(done('end', broken)).toEqual(['exit 141']);
  expect(done('interrupt', broken)).toEqual(['interrupt']);
  expect(done('goOn', broken)).toEqual([]);
});

test('EOF, which is what Windows says, is the same', () => {
  const closed = Object.assign(new Error('write EOF'), { code: 'EOF' });
  expect(done('end', closed)).toEqual(['exit 141']);
  expect(done('interrupt', closed)).toEqual(['interrupt']);
});

test('a disk that is full stops no server, and is told by every other verb', () => {
  expect(done('goOn', full)).toEqual([]);
  expect(() => done('end', full)).toThrow('ENOSPC');
});

test('the verbs that go on are those that serve', async () => {
  const all = await Promise.all(Object.values(verbs).map((load) => load()));
  const those = (wish: Unread) => all.filter(({ unread }) => unread === wish).map(({ name }) => name);
  expect(those('goOn').sort()).toEqual(['console', 'envtest', 'proxy', 'up']);
  expect(those('interrupt')).toEqual(['dev']);
});

test('the exit code is the same on Windows, which has no SIGPIPE', async () => {
  jest.unstable_mockModule('node:os', () => ({ constants: { signals: {} } }));
  jest.resetModules();
  expect((await import('./unread.ts')).unreadCode).toBe(141);
});
