import { expect, test } from '@jest/globals';
import { rollout } from '../support/aws/rolloutHistory.ts';
import type { RolloutOptions } from '../support/aws/rolloutOptions.ts';

/**
 * `node test/simulation/many.ts rollout=2000 rollout25=300 rollout100=60` tries that many. What it notices, tried by breaking it:
 * Pods without gates, and tasks that are stopped at once, fail in every history.
 */
const first = Number(process.env.SHALLOP_SEED ?? 1);

test.each<[string, RolloutOptions]>([
  ['of two Pods', { replicas: 2, preStop: false, spot: false }],
  ['of two Pods with a hook that sleeps', { replicas: 2, preStop: true, spot: false }],
  ['of two Pods behind an Ingress', { by: 'ingress', replicas: 2, preStop: false, spot: false }],
  ['of two Pods behind a Service and an Ingress', { by: 'both', replicas: 2, preStop: false, spot: false }],
  ['of two Pods, one of which Spot takes away', { replicas: 2, preStop: false, spot: true }],
  ['of two Pods, one of which Spot ends before its tail', { replicas: 2, preStop: false, spot: 'late' }],
])(
  'D1: a rollout %s fails no connection',
  async (_, options) => {
    const seen = await rollout(first, options);
    expect(seen.failed).toEqual([]);
    expect(seen.made).toBeGreaterThan(100);
  },
  600_000,
);
