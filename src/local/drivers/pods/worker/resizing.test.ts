import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import { retryAt } from './due.ts';
import type { ContainerRecord } from './records.ts';
import { isResized, resizedInPlace } from './resizing.ts';
import type { PodScope } from './scope.ts';

const specWith = (memory: string) => ({ name: 'c', resources: { limits: { memory } } });

test('resources that are put back after a resize that failed are given again, and nothing is due any more', async () => {
  const clock = new ManualClock();
  const asked: string[] = [];
  const c: ContainerRecord = {
    ...{ name: 'c', init: false, state: 'running', reason: '', runs: 1, restarts: 0 },
    resources: specWith('64Mi').resources,
  };
  const scope = {
    deps: {
      clock,
      retryMs: 3_000,
      sandbox: {
        resize: async (_run: object, { resources }: ReturnType<typeof specWith>) => {
          asked.push(resources.limits.memory);
          if (resources.limits.memory === '8Mi') throw new Error('it holds more');
        },
      },
    },
    ref: { cluster: 'default', namespace: 'ns', name: 'p', uid: 'u' },
    record: { containers: [c] },
    save: () => {},
  } as unknown as PodScope;
  await resizedInPlace(scope, c, specWith('8Mi'));
  expect([c.resizing, retryAt(scope)]).toEqual(['it holds more', clock.now() + 3_000]);
  await clock.advance(3_000);
  expect(isResized(c, specWith('64Mi'))).toBe(true);
  await resizedInPlace(scope, c, specWith('64Mi'));
  expect(asked).toEqual(['8Mi', '64Mi']);
  expect([isResized(c, specWith('64Mi')), c.resizing, retryAt(scope)]).toEqual([
    false,
    undefined,
    Number.POSITIVE_INFINITY,
  ]);
});
