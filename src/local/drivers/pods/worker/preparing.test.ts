import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../../shared/clock/manualClock.ts';
import { Preparation } from './preparing.ts';
import type { PodScope } from './scope.ts';
import type { PodVolumes } from './volumes.ts';

test('volumes are written once, however often the network has to be tried', async () => {
  let tries = 0;
  let written = 0;
  const sandbox = {
    setup: async () => {
      if (++tries < 3) throw new Error('no Pod address is left');
      return { ip: '10.0.0.1' };
    },
  };
  const clock = new ManualClock();
  const record: Partial<PodScope['record']> = { containers: [] };
  const scope = { deps: { clock, sandbox, retryMs: 1000 }, pod: {}, ref: {}, record, save: () => {} };
  const volumes = { write: async () => void written++ };
  const preparation = new Preparation(scope as unknown as PodScope, volumes as unknown as PodVolumes);
  for (const _ of [1, 2]) await expect(preparation.run()).rejects.toThrow('no Pod address is left');
  expect(await preparation.run()).toBe(true);
  expect(record.ip).toBe('10.0.0.1');
  expect(written).toBe(1);
});
