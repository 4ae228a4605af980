import { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import type { Place } from '../../podNetwork.ts';
import { Backends } from './backends.ts';
import { dial } from './dial.ts';

const never = () => new Promise<never>(() => {});
const refused = () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
const endpoint = (address: string) => ({ portName: '', address, port: 80, protocol: 'TCP', ready: true });

/** A Service whose endpoints answer connections as `connect` does. */
function opened(connect: (address: string) => Promise<Socket>, ...addresses: string[]) {
  const clock = new ManualClock();
  const reached = (host: string, port: number): Place => ({
    ...{ host, port },
    by: { connect: () => connect(host), listen: never, bind: never },
  });
  const backends = new Backends(clock, 30_000, reached);
  backends.update(addresses.map(endpoint));
  const begin = (options = {}) =>
    dial(backends, '', new Set(), new AbortController().signal, {
      ...{ clock, waitMs: 1_000, refusedMs: 5_000, connectTimeoutMs: 1_000 },
      ...options,
    });
  return { clock, backends, begin };
}

/** Lets time pass until something is known. */
async function passed<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let isOver = false;
  void promise.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await clock.advance(50);
    await new Promise(setImmediate);
  }
  return promise;
}

test('news that came while an endpoint took all the time there was is heard', async () => {
  const { clock, backends, begin } = opened(async (address) => {
    if (address === '10.0.0.2') return new Socket();
    // The process gets no turn for longer than anybody waits.
    await clock.advance(10_000);
    setImmediate(() => backends.update([endpoint('10.0.0.2')]));
    return refused();
  }, '10.0.0.1');
  expect(await passed(clock, begin())).toMatchObject({ key: '10.0.0.2:80' });
});

test('ready endpoints that refuse are asked longer than none is waited for', async () => {
  let isThere = false;
  const { clock, begin } = opened(async () => (isThere ? new Socket() : refused()), '10.0.0.1');
  const dialled = begin();
  await clock.advance(4_000);
  isThere = true;
  expect(await passed(clock, dialled)).toMatchObject({ key: '10.0.0.1:80' });
});

test('those that take longer than anybody waits are asked once', async () => {
  let asked = 0;
  const { clock, begin } = opened(
    async () => {
      asked++;
      await clock.advance(1_000);
      return refused();
    },
    ...Array.from({ length: 10 }, (_, i) => `10.0.0.${i}`),
  );
  await passed(clock, begin());
  expect(asked).toBe(10);
});

test('after the last ready one is gone, another is waited for as if it was only asked for then', async () => {
  const { clock, backends, begin } = opened(
    async (address) => (address === '10.0.0.2' ? new Socket() : refused()),
    '10.0.0.1',
  );
  const dialled = begin();
  await clock.advance(2_000);
  backends.update([]);
  await clock.advance(900);
  backends.update([endpoint('10.0.0.2')]);
  expect(await passed(clock, dialled)).toMatchObject({ key: '10.0.0.2:80' });
});

test.each<[string, string[], object, string, number]>([
  ['none', [], {}, 'none is ready', 1_000],
  [
    'those that refuse',
    ['10.0.0.1', '10.0.0.2'],
    {},
    '10.0.0.1:80: connection refused, 10.0.0.2:80: connection refused',
    5_000,
  ],
  [
    'those that policies shut',
    ['10.0.0.1'],
    { mayJoin: () => false },
    '10.0.0.1:80: no policy lets this client',
    5_000,
  ],
])('who asks %s learns why, in time', async (_, addresses, options, why, ms) => {
  const { clock, begin } = opened(refused, ...addresses);
  const began = clock.now();
  expect(await passed(clock, begin(options))).toEqual({ why });
  expect(clock.now() - began).toBeGreaterThanOrEqual(ms);
  expect(clock.now() - began).toBeLessThan(ms + 500);
});
