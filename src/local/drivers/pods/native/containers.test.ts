import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import { createContainers } from './containers.ts';
import type { Support } from './support.ts';

test('a root that takes long is not looked for at every millisecond, and its end is noticed', async () => {
  const clock = new ManualClock();
  const { started } = createContainers({ support: {} as Support, clock, toolsFolder: '/nowhere' });
  let [looks, hasEnded] = [0, false];
  const waiting = expect(
    started('/nowhere/run', () => {
      looks++;
      return hasEnded;
    }),
  ).rejects.toThrow('its root file system could not be made');
  await clock.advance(60_000);
  expect(looks).toBeLessThan(4000);
  hasEnded = true;
  await clock.advance(20);
  await waiting;
});
