import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { type FunctionMetric, functionMetrics } from '../names.ts';
import { powertoolsLogger } from './logger.ts';

/**
 * The one place that metrics are counted in. They leave with the log, in CloudWatch's embedded format, when a handler
 * ends; only what happened is told, so that a deployment at rest pays for none.
 */
export const powertoolsMetrics = new Metrics({
  namespace: functionMetrics.namespace,
  // Its only warning in ordinary use is that nothing happened, at each run.
  logger: {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (...said) => powertoolsLogger.error(String(said[0])),
  },
  serviceName: process.env.SHALLOP_DEPLOYMENT ? `shallop-${process.env.SHALLOP_DEPLOYMENT}` : 'shallop',
});

/** Counts something that happened while a handler runs. */
export function count(metric: FunctionMetric, times = 1): void {
  powertoolsMetrics.addMetric(metric, MetricUnit.Count, times);
}
