import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type FunctionMetric, functionMetrics } from '../../src/aws/names.ts';

const period = Duration.minutes(5);

/** What functions of a deployment count themselves (src/aws/observability). */
export const countedBy = (deployment: string, metricName: FunctionMetric): Metric =>
  new Metric({
    namespace: functionMetrics.namespace,
    metricName,
    dimensionsMap: { [functionMetrics.dimension]: `shallop-${deployment}` },
    statistic: Stats.SUM,
    period,
  });

/** All functions of the account and region together, which share its concurrency. */
export const ofAllFunctions = (metricName: 'Throttles' | 'ConcurrentExecutions'): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    statistic: metricName === 'Throttles' ? Stats.SUM : Stats.MAXIMUM,
    period,
  });
