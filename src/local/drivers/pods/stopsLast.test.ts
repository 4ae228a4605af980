import { expect, test } from '@jest/globals';
import type { Clock } from '../../../shared/clock/clock.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import type { PodRuntime } from '../../../shared/ports/cloud.ts';
import { stopsLast } from './stopsLast.ts';

const ref = { cluster: 'default', namespace: 'n', name: 'p', uid: 'p' };

/** A Pod at an address, which is offered until it is said not to be. */
function opened({ podIP = '10.0.0.1', hostIP = '10.0.0.254' } = {}) {
  const turns = new ManualClock();
  let lostMs = 0;
  const clock: Clock = {
    now: () => turns.now() + lostMs,
    sleep: (ms, signal) => turns.sleep(ms, signal),
  };
  const done: string[] = [];
  const given: number[] = [];
  const runtime = {
    observe: async () => ({ podIP, hostIP }),
    stop: async (_: unknown, seconds: number) => {
      done.push('stopped');
      given.push(seconds);
    },
    remove: async () => {},
  } as unknown as PodRuntime;
  const offered = new Set(['10.0.0.1', '10.0.0.254']);
  const isOffered = async (address: string) => offered.has(address);
  const leaving = async () => void done.push(offered.has(podIP) ? 'left early' : 'left');
  const { stop, close } = stopsLast(runtime, { clock, isOffered, leaving });
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 20) await turns.advance(20);
  };
  const lose = (ms: number) => {
    lostMs += ms;
  };
  return { done, given, offered, stop, close, pass, lose };
}

test('a Pod ends, and others are led elsewhere, when nobody is sent to it any more; who stops it does not wait', async () => {
  const { done, given, offered, stop, pass } = opened();
  await stop(ref, 30);
  await pass(1_000);
  expect(done).toEqual([]);
  offered.clear();
  await pass(50);
  expect(given).toEqual([expect.closeTo(29, 1)]);
  expect(done).toEqual(['left', 'stopped']);
});

test('it waits five seconds at most, and once', async () => {
  const { done, stop, pass } = opened();
  const stopped = stop(ref, 30);
  await pass(6_000);
  await stopped;
  await stop(ref, 20);
  expect(done).toEqual(['left early', 'stopped', 'left early', 'stopped']);
});

test('who gives it less grace shortens what it was given, and who gives none has it end at once', async () => {
  const { given, offered, stop, pass } = opened();
  await stop(ref, 30);
  await pass(100);
  await stop(ref, 4);
  await stop(ref, 20);
  await pass(1_000);
  offered.clear();
  await pass(40);
  expect(given).toEqual([expect.closeTo(3, 1)]);
  const other = opened();
  await other.stop(ref, 30);
  await other.stop(ref, 0);
  await other.pass(6_000);
  expect(other.given).toEqual([0]);
});

test('it waits no longer than its grace, hears of its end before that is over, and runs on when nobody looks after it', async () => {
  const { given, stop, pass } = opened();
  await stop(ref, 1);
  await pass(1_100);
  expect(given).toEqual([1]);
  const other = opened();
  await other.stop(ref, 30);
  other.close();
  await other.pass(6_000);
  expect(other.given).toEqual([]);
});

test('time in which nobody could hear of it does not count', async () => {
  const { done, offered, stop, pass, lose } = opened();
  const stopped = stop(ref, 30);
  await pass(100);
  // The process gets no turn for a minute.
  lose(60_000);
  await pass(100);
  expect(done).toEqual([]);
  offered.clear();
  await pass(100);
  await stopped;
  expect(done).toEqual(['left', 'stopped']);
});

test.each([
  ['is to end at once', {}, 0],
  ['has the address of its Node', { podIP: '10.0.0.254' }, 30],
])('a Pod that %s waits for nobody', async (_, where, grace) => {
  const { done, stop } = opened(where);
  await stop(ref, grace);
  expect(done).toContain('stopped');
});
