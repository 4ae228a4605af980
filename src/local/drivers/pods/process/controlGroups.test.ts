import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from '@jest/globals';
import { needs } from '../../../../../test/support/needs.ts';
import { systemClock } from '../../../../shared/clock/systemClock.ts';
import { findControlGroups } from './controlGroups.ts';

const groups = await findControlGroups(`shallop-test-${process.pid}`, '/bin/sh', systemClock);
const { test } = needs(!groups && 'no control groups can be made here');

test('with the last Pod nothing is left, and the next one has a group again', async () => {
  for (const pods of [['a', 'b'], ['c']]) {
    const made = await Promise.all(pods.map((pod) => groups!.make(pod)));
    const home = dirname(made[0]!);
    for (const group of made) {
      expect(existsSync(home)).toBe(true);
      await groups!.end(group);
    }
    expect(existsSync(home)).toBe(false);
  }
});
