import { describe } from '@jest/globals';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { createFakeMetrics } from '../../src/shared/fake/metrics.ts';
import { metricsContract } from './metrics.ts';

describe('fake', () => {
  const clock = new ManualClock();
  metricsContract(async () => {
    const metrics = createFakeMetrics(clock);
    const place = { cluster: 'default', namespace: 'ns' };
    metrics.setPod(place, 'p', 'cpu', 250);
    metrics.setPod(place, 'p', 'cpu', 200, 'c');
    return { metrics, place, pod: 'p', container: 'c', now: () => clock.now() };
  });
});
