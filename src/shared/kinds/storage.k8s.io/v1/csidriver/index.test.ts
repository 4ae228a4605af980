import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../../clock/manualClock.ts';
import { seededIds } from '../../../../clock/seededIds.ts';
import type { AnyObject } from '../../../../meta/object.ts';
import type { CSIDriver } from '../../../schema/types.ts';
import { csiDriver } from './index.ts';

const ctx = { clock: new ManualClock(), ids: seededIds(1) };
const driver = (generation: unknown, attachRequired: boolean) =>
  csiDriver.schema.decode({
    metadata: { name: 'csi.example.com', generation },
    spec: { attachRequired },
  }) as AnyObject & CSIDriver;

test.each([
  { from: undefined, to: 1 },
  { from: 7, to: 8 },
  // What no number of JavaScript holds exactly is decoded as a bigint.
  { from: 9007199254740993n, to: 9007199254740994n },
])('a change of the spec counts its generation from $from to $to', ({ from, to }) => {
  const old = driver(from, true);
  const changed = driver(from, false);
  csiDriver.prepareForUpdate?.(changed, old, ctx);
  expect(changed.metadata.generation).toBe(to);
});

test('an update that leaves the spec as it is leaves the generation', () => {
  const old = driver(9007199254740993n, true);
  const same = driver(9007199254740993n, true);
  csiDriver.prepareForUpdate?.(same, old, ctx);
  expect(same.metadata.generation).toBe(9007199254740993n);
});
