import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import type { ServiceEndpoint } from '../../../../shared/ports/cloud.ts';
import { Backends } from '../proxy/backends.ts';
import { dial } from '../proxy/dial.ts';
import { LocalDemand } from './index.ts';

const ref = { cluster: 'default', namespace: 'ns', name: 'web', uid: 'u' };
const endpoint = (address: string, ready = true): ServiceEndpoint => ({
  ...{ portName: '', protocol: 'TCP', port: 1, address, ready },
});

function opened() {
  const clock = new ManualClock();
  const demand = new LocalDemand(clock);
  const use = demand.of(ref);
  const backends = new Backends(clock, 1_000, undefined, use);
  const picked = () => backends.pick('', new Set())?.address;
  return { clock, demand, use, backends, picked };
}

describe('the use of a Service', () => {
  test('is now while something is open, and when the last of it ended', async () => {
    const { clock, use } = opened();
    const [first, second] = [use.begin(), use.begin()];
    await clock.advance(5_000);
    first();
    first();
    await clock.advance(5_000);
    expect(use.lastUsed).toBe(clock.now());
    second();
    const ended = clock.now();
    await clock.advance(5_000);
    expect(use.lastUsed).toBe(ended);
  });

  test('is now as long as somebody may use it unseen, which keeps nobody who follows it', async () => {
    const { clock, demand, use } = opened();
    const { promise, resolve } = Promise.withResolvers<void>();
    use.onFollowing(() => promise);
    const followed = demand.follow(ref, true);
    await clock.advance(2_000);
    await followed;
    await clock.advance(5_000);
    expect(await demand.withhold(ref, clock.now() - 1)).toBe('used');
    resolve();
    await new Promise(setImmediate);
    await clock.advance(5_000);
    expect(await demand.withhold(ref, clock.now() - 5_000)).toBe('withheld');
  });

  test('is asked for once, however many wait', async () => {
    const { demand, use } = opened();
    await demand.follow(ref, true);
    const stop = new AbortController();
    const heard: string[] = [];
    const hearing = (async () => {
      for await (const { name } of demand.wanted(stop.signal)) heard.push(name);
    })();
    const all = Array.from({ length: 20 }, () => use.wait()!);
    await new Promise(setImmediate);
    expect(heard).toEqual(['web']);
    expect(await demand.isWanted(ref)).toBe(true);
    for (const waiting of all) waiting.leave();
    expect(await demand.isWanted(ref)).toBe(false);
    stop.abort();
    await hearing;
  });

  test('is waited for by a thousand at most, for two minutes, and by nobody where it may not be', async () => {
    const { clock, demand, use } = opened();
    expect(use.wait()).toBeUndefined();
    await demand.follow(ref, true);
    const all = Array.from({ length: 1_001 }, () => use.wait());
    expect(all.filter(Boolean)).toHaveLength(1_000);
    expect(all[0]?.deadline).toBe(clock.now() + 120_000);
    await demand.forget(ref);
    expect(all[0]?.deadline).toBeUndefined();
  });

  test('is what decides whether Pods may go', async () => {
    const { clock, demand, use, backends, picked } = opened();
    backends.update([endpoint('10.0.0.1')]);
    const since = use.lastUsed;
    await clock.advance(1_000);
    const end = use.begin();
    expect(await demand.withhold(ref, since)).toBe('used');
    end();
    expect(await demand.withhold(ref, since)).toBe('used');
    expect(picked()).toBe('10.0.0.1');
    expect(await demand.withhold(ref, use.lastUsed)).toBe('withheld');
    expect(picked()).toBeUndefined();
  });
});

test('a Service that nothing leads to any more leaves nothing to one of the same name', async () => {
  const { clock, demand, use, backends } = opened();
  use.join(backends);
  use.leave(backends);
  await demand.forget(ref);
  await clock.advance(60_000);
  expect(demand.of(ref).lastUsed).toBe(clock.now());
});

describe('an endpoint that is withheld', () => {
  test('is not offered until it was heard that it is not ready', async () => {
    const { demand, use, backends, picked } = opened();
    backends.update([endpoint('10.0.0.1')]);
    await demand.withhold(ref, use.lastUsed);
    backends.update([endpoint('10.0.0.1'), endpoint('10.0.0.2')]);
    expect(picked()).toBe('10.0.0.2');
    backends.update([endpoint('10.0.0.1', false)]);
    backends.update([endpoint('10.0.0.1')]);
    expect(picked()).toBe('10.0.0.1');
  });

  test('is not offered for lack of others while it is going', async () => {
    const { demand, use, backends, picked } = opened();
    const going = { ...endpoint('10.0.0.1', false), lastResort: true };
    backends.update([endpoint('10.0.0.1')]);
    await demand.withhold(ref, use.lastUsed);
    backends.update([going]);
    expect([picked(), backends.isWithheld]).toEqual([undefined, true]);
    backends.update([]);
    backends.update([going]);
    expect(picked()).toBe('10.0.0.1');
  });

  test('is offered again when nobody asks for sleep any more', async () => {
    const { demand, use, backends, picked } = opened();
    backends.update([endpoint('10.0.0.1')]);
    await demand.withhold(ref, use.lastUsed);
    await demand.forget(ref);
    expect(picked()).toBe('10.0.0.1');
  });

  test('is offered again where its Pod stays', async () => {
    const { demand, use, backends, picked } = opened();
    backends.update([endpoint('10.0.0.1'), endpoint('10.0.0.2')]);
    await demand.withhold(ref, use.lastUsed);
    await demand.restore(ref, async () => new Set(['10.0.0.2']));
    expect([picked(), picked()]).toEqual(['10.0.0.2', '10.0.0.2']);
  });
});

test.each([
  { mayWait: false, given: 5_000, why: 'that is not to wait gives up as ever' },
  { mayWait: true, given: 120_000, why: 'that may wait gives up after two minutes' },
  { mayWait: true, wakesNothing: true as const, given: 5_000, why: 'that wakes nothing gives up as ever' },
])('a connection $why', async ({ mayWait, given, wakesNothing }) => {
  const { clock, demand, backends } = opened();
  await demand.follow(ref, mayWait);
  const began = clock.now();
  let isOver = false;
  const options = { clock, waitMs: 5_000, connectTimeoutMs: 1, ...(wakesNothing && { wakesNothing }) };
  const dialled = dial(backends, '', new Set(), new AbortController().signal, options).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    if (wakesNothing) expect(await demand.isWanted(ref)).toBe(false);
    await clock.advance(100);
    await new Promise(setImmediate);
  }
  expect(await dialled).toEqual({ why: 'none is ready' });
  expect(Math.abs(clock.now() - began - given)).toBeLessThan(1_000);
  expect(await demand.isWanted(ref)).toBe(false);
});
