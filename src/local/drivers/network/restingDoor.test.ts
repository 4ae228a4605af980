import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { ServiceUse } from './demand/serviceUse.ts';
import { Backends } from './proxy/backends.ts';
import { RestingDoor } from './restingDoor.ts';

const endpoint = (more = {}) => ({
  ...{ portName: '', address: '10.0.0.1', port: 80, protocol: 'TCP', ready: true },
  ...more,
});
const [ready, going, unready] = [
  endpoint(),
  endpoint({ ready: false, lastResort: true }),
  endpoint({ ready: false }),
];

function opened({ neverRests = false } = {}) {
  const clock = new ManualClock();
  const use = new ServiceUse(clock, { wanted: () => {}, left: () => {} });
  const backends = new Backends(clock, 30_000, undefined, use);
  const heard: string[] = [];
  let fails = false;
  const door = new RestingDoor({
    ...{ backends, clock, waitMs: 5_000, neverRests },
    listen: async () => {
      if (fails) throw new Error('EADDRINUSE');
      heard.push('listens');
      const ended = Promise.withResolvers<void>();
      return {
        ...{ address: '10.0.0.9', port: 80 },
        stop: () => {
          heard.push('stops');
          return ended.promise;
        },
        close: async () => {
          heard.push('closes');
          ended.resolve();
        },
      };
    },
  });
  return {
    ...{ clock, use, backends, heard, door },
    fail: (does: boolean) => {
      fails = does;
    },
  };
}

test('a door behind which nobody ever was is tried and rests', async () => {
  const { clock, heard, door } = opened();
  await door.open();
  await clock.advance(0);
  expect(heard).toEqual(['listens', 'stops']);
  await door.close();
});

test('a door that never rests listens whoever is behind it', async () => {
  const { clock, backends, heard, door } = opened({ neverRests: true });
  await door.open();
  backends.update([ready]);
  backends.update([]);
  await clock.advance(60_000);
  expect(heard).toEqual(['listens']);
  await door.close();
  expect(heard).toEqual(['listens', 'stops', 'closes']);
});

test('a door that everybody has left stops listening after a while, and listens again when somebody comes', async () => {
  const { clock, backends, heard, door } = opened();
  backends.update([ready]);
  await door.open();
  backends.update([]);
  await clock.advance(4_999);
  expect(heard).toEqual(['listens']);
  await clock.advance(1);
  expect(heard).toEqual(['listens', 'stops']);
  await door.open();
  expect(heard).toEqual(['listens', 'stops']);
  backends.update([ready]);
  await door.open();
  expect(heard).toEqual(['listens', 'stops', 'listens']);
  await door.close();
  expect(heard.slice(3)).toEqual(['stops', 'closes', 'closes']);
});

test.each([
  { why: 'whose endpoint comes back in time', behind: [ready], rests: false },
  { why: 'whose last endpoint is going and still serves', behind: [going], rests: false },
  { why: 'whose endpoints are not ready', behind: [unready], rests: true },
])('a door $why rests: $rests', async ({ behind, rests }) => {
  const { clock, backends, heard, door } = opened();
  backends.update([ready]);
  await door.open();
  backends.update([]);
  await clock.advance(4_000);
  backends.update(behind);
  await clock.advance(60_000);
  expect(heard.includes('stops')).toBe(rests);
  await door.close();
});

test('a door of a Service that sleeps listens for who wakes it, also when it is told so late', async () => {
  const { clock, use, heard, door } = opened();
  await door.open();
  await clock.advance(5_000);
  use.mayWait = true;
  await clock.advance(60_000);
  expect(heard).toEqual(['listens', 'stops', 'listens']);
  use.mayWait = false;
  await clock.advance(5_000);
  expect(heard.slice(3)).toEqual(['stops']);
  await door.close();
});

test('what prevents listening again is told by the next who opens', async () => {
  const { clock, backends, door, heard, fail } = opened();
  await door.open();
  await clock.advance(5_000);
  fail(true);
  backends.update([ready]);
  await expect(door.open()).rejects.toThrow('EADDRINUSE');
  fail(false);
  await door.open();
  expect(heard.at(-1)).toBe('listens');
  await door.close();
});
