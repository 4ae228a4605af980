import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../../../shared/clock/manualClock.ts';
import { SpareNamespaces } from './spareNamespaces.ts';

/** A stock over namespaces that are only names, with what became of each. */
function stock({ fails = false } = {}) {
  const clock = new ManualClock();
  let serial = 0;
  const [present, reserved] = [new Set<string>(), new Set<string>()];
  const spares = new SpareNamespaces({
    clock,
    ids: { uid: () => `id ${serial++}` },
    pool: {
      reserve(seed) {
        reserved.add(seed);
        return seed;
      },
      release: (address) => void reserved.delete(address),
    },
    async make(address) {
      if (fails) throw new Error('no');
      present.add(address);
    },
    remove: async (address) => void present.delete(address),
    exists: async (address) => present.has(address),
  });
  const filled = async () => {
    spares.refill();
    await clock.advance(1000);
    expect(present.size).toBe(2);
  };
  return { spares, clock, present, reserved, filled };
}

test('none is made before the first Pod has come and the machine is quiet', async () => {
  const { spares, clock, present } = stock();
  expect(await spares.take()).toBeUndefined();
  spares.refill();
  await clock.advance(99);
  spares.refill();
  await clock.advance(99);
  expect(present.size).toBe(0);
});

test('each is given once, with its address reserved', async () => {
  const { spares, reserved, filled } = stock();
  await filled();
  const given = [await spares.take(), await spares.take(), await spares.take()];
  expect(given).toEqual(['id 0', 'id 1', undefined]);
  expect([...reserved]).toEqual(['id 0', 'id 1']);
});

test('one that somebody removed is not given, and its address is free', async () => {
  const { spares, present, reserved, filled } = stock();
  await filled();
  present.delete('id 0');
  expect(await spares.take()).toBe('id 1');
  expect([...reserved]).toEqual(['id 1']);
});

test('one that cannot be made keeps no address', async () => {
  const { spares, clock, reserved } = stock({ fails: true });
  spares.refill();
  await clock.advance(1000);
  expect(await spares.take()).toBeUndefined();
  expect(reserved.size).toBe(0);
});

test('those that are left are removed at the end, and no more are made', async () => {
  const { spares, clock, present, reserved, filled } = stock();
  await filled();
  await spares.close();
  spares.refill();
  await clock.advance(1000);
  expect([present.size, reserved.size]).toEqual([0, 0]);
});
