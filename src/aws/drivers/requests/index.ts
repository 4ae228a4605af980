import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { chunks } from '../pages.ts';
import type { Sender } from '../sender.ts';

/** A target group with the load balancer that it is of: ARNs. */
export interface Counted {
  targetGroup: string;
  loadBalancer: string;
}

/** Load balancers tell of a minute when it is over, and CloudWatch a little later. */
const lateMs = 180_000;
const minuteMs = 60_000;
const windowMs = 24 * 60 * minuteMs;
/** The limit of a call. */
const mostQueries = 500;

/**
 * Returns when requests last came to one of these target groups, as far as CloudWatch can know: it may have been so late.
 * Milliseconds since the epoch; a day ago when there were none. A call costs $0.01 for each thousand groups.
 */
export async function lastRequestAt(
  cloudwatch: Pick<CloudWatchClient, 'send'>,
  send: Sender,
  groups: Counted[],
  now: number,
): Promise<number> {
  let last = now - windowMs;
  for (const some of chunks(groups, mostQueries)) {
    const request = new GetMetricDataCommand({
      StartTime: new Date(now - windowMs),
      EndTime: new Date(now),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: some.map((group, i) => ({
        Id: `g${i}`,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/ApplicationELB',
            MetricName: 'RequestCount',
            Dimensions: dimensionsOf(group),
          },
          Period: minuteMs / 1000,
          Stat: 'Sum',
        },
      })),
    });
    const { MetricDataResults = [] } = await send('GetMetricData', () => cloudwatch.send(request));
    for (const { Timestamps = [], Values = [] } of MetricDataResults)
      for (const [i, at] of Timestamps.entries())
        if (Values[i]! > 0) last = Math.max(last, at.getTime() + minuteMs + lateMs);
  }
  return Math.min(last, now);
}

/** As metrics name them: `targetgroup/name/id` and `app/name/id`. */
const dimensionsOf = ({ targetGroup, loadBalancer }: Counted) => [
  { Name: 'TargetGroup', Value: targetGroup.split(':').at(-1) },
  { Name: 'LoadBalancer', Value: loadBalancer.split(':loadbalancer/').at(-1) },
];
