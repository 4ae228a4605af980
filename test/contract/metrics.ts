import { expect, test } from '@jest/globals';
import type { MetricPlace, Metrics } from '../../src/shared/ports/metrics.ts';

/** A driver with one Pod that has used CPU, in one container. */
export interface MetricsSubject {
  metrics: Metrics;
  place: MetricPlace;
  pod: string;
  container: string;
  now(): number;
}

/** What every driver of the port Metrics does. */
export function metricsContract(open: () => Promise<MetricsSubject>): void {
  test('what a Pod used is in thousandths, with the time it was measured at', async () => {
    const { metrics, place, pod, now } = await open();
    const sample = (await metrics.resource(place, 'cpu')).get(pod);
    expect(sample?.value).toBeGreaterThanOrEqual(0);
    expect(sample?.at).toBeLessThanOrEqual(now());
    expect(sample?.windowMs).toBeGreaterThan(0);
  });

  test('a container uses no more than its Pod', async () => {
    const { metrics, place, pod, container } = await open();
    const whole = (await metrics.resource(place, 'cpu')).get(pod)?.value ?? 0;
    const part = (await metrics.resource(place, 'cpu', container)).get(pod)?.value;
    expect(part).toBeLessThanOrEqual(whole);
  });

  test('another namespace has none of it, and what is not measured throws', async () => {
    const { metrics, place } = await open();
    const elsewhere = { ...place, namespace: 'other' };
    const there = await metrics.resource(elsewhere, 'cpu').catch(() => new Map());
    expect(there.size).toBe(0);
    await expect(metrics.external(place, 'no-such-metric')).rejects.toThrow(Error);
    await expect(metrics.object(place, { kind: 'Service', name: 's' }, 'none')).rejects.toThrow(Error);
  });
}
