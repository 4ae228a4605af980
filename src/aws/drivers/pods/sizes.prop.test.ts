import { test } from '@jest/globals';
import fc from 'fast-check';
import { fargateSizes, roundUp } from './sizes.ts';

const wanted = fc.record({ cpu: fc.nat(33_000), memory: fc.nat(250_000) });
const pairs = fargateSizes.flatMap(([cpu, memories]) => memories.map((memory) => ({ cpu, memory })));

test('a rounded size is one of the pairs, enough, and no smaller pair is', () => {
  fc.assert(
    fc.property(wanted, (want) => {
      const got = roundUp(want);
      const enough = pairs.filter(({ cpu, memory }) => cpu >= want.cpu && memory >= want.memory);
      if (!got) return enough.length === 0;
      return (
        enough.some(({ cpu, memory }) => cpu === got.cpu && memory === got.memory) &&
        enough.every(({ cpu, memory }) => cpu > got.cpu || (cpu === got.cpu && memory >= got.memory))
      );
    }),
  );
});

test('asking for more never gives less CPU', () => {
  fc.assert(
    fc.property(wanted, fc.nat(500), fc.nat(2000), (want, cpu, memory) => {
      const more = roundUp({ cpu: want.cpu + cpu, memory: want.memory + memory });
      const less = roundUp(want);
      return !more || (less !== undefined && less.cpu <= more.cpu);
    }),
  );
});
