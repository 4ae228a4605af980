import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import { needs } from '../../../../../test/support/needs.ts';
import { systemClock } from '../../../../shared/clock/systemClock.ts';
import type { PodNetwork } from '../../podNetwork.ts';
import { findControlGroups } from './controlGroups.ts';
import { openPodProcesses } from './podProcesses.ts';

const groups = await findControlGroups(`shallop-test-${process.pid}`, '/bin/sh', systemClock);
const { test } = needs(!groups && 'no control groups can be made here');

test('with the last Pod nothing is left, and the next one has a group again', async () => {
  for (const pods of [['a', 'b'], ['c']]) {
    const made = pods.map((pod) => groups!.place(pod));
    for (const group of made) await mkdir(group, { recursive: true });
    const home = dirname(made[0]!);
    for (const group of made) {
      expect(existsSync(home)).toBe(true);
      await groups!.end(group);
    }
    expect(existsSync(home)).toBe(false);
  }
});

test('a group is noted before it is made', async () => {
  // There is no such folder: the note cannot be written, where a kill would come.
  const home = join(tmpdir(), `shallop-no-home-${process.pid}`);
  const processes = openPodProcesses({
    ...{ home, network: {} as PodNetwork, sh: '/bin/sh', clock: systemClock },
  });
  const ref = { cluster: 'default', namespace: 'default', name: 'p', uid: 'uid' };
  await expect(processes.groupFor({ ref, container: 'c', number: 0 })).rejects.toThrow('ENOENT');
  const instance = `shallop-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`;
  const place = (await findControlGroups(instance, '/bin/sh', systemClock))!.place('uid');
  expect(existsSync(place)).toBe(false);
});
