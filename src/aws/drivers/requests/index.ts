import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { chunks, pages } from '../pages.ts';
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
 * Milliseconds since the epoch; a day ago when there were none; undefined when CloudWatch does not tell all. A call costs $0.01 for each thousand groups.
 */
export async function lastRequestAt(
  cloudwatch: Pick<CloudWatchClient, 'send'>,
  send: Sender,
  groups: Counted[],
  now: number,
): Promise<number | undefined> {
  let last = now - windowMs;
  for (const some of chunks(groups, mostQueries)) {
    const query: GetMetricDataCommandInput = {
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
    };
    const told = await pages(async (NextToken) => {
      const command = new GetMetricDataCommand({ ...query, NextToken });
      const answer = await send('GetMetricData', () => cloudwatch.send(command));
      const { MetricDataResults: results = [], NextToken: next } = answer;
      return { items: results.map((result) => ({ ...result, isWhole: isWhole(result, next) })), next };
    });
    if (!told.every((result) => result.isWhole)) return undefined;
    for (const { Timestamps = [], Values = [] } of told)
      for (const [i, at] of Timestamps.entries())
        if (Values[i]! > 0) last = Math.max(last, at.getTime() + minuteMs + lateMs);
  }
  return Math.min(last, now);
}

/** Data that are partial go on at the next page, if there is one. */
const isWhole = ({ StatusCode = 'Complete' }: MetricDataResult, next: string | undefined): boolean =>
  StatusCode === 'Complete' || (StatusCode === 'PartialData' && next !== undefined);

/** As metrics name them: `targetgroup/name/id` and `app/name/id`. */
const dimensionsOf = ({ targetGroup, loadBalancer }: Counted) => [
  { Name: 'TargetGroup', Value: targetGroup.split(':').at(-1) },
  { Name: 'LoadBalancer', Value: loadBalancer.split(':loadbalancer/').at(-1) },
];
