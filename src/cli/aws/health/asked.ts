import { type FunctionName, functionName, functionNames, queueNames } from '../../../aws/watched/index.ts';
import type { MetricAsked } from './metrics.ts';

/** The figures that tell how a deployment is, by key. */
export function healthMetrics(deployment: string, table: string): Record<string, MetricAsked> {
  const { work, failed, eventDeadLetters } = queueNames;
  return {
    changesWaitMs: ofFunction(deployment, 'dispatch', 'IteratorAge', 'largest'),
    workWaits: waiting(work(deployment)),
    workWaitsSeconds: ofQueue(work(deployment), 'ApproximateAgeOfOldestMessage', 'latest'),
    setAside: waiting(failed(deployment)),
    eventsSetAside: waiting(eventDeadLetters(deployment)),
    ...ofEach(deployment, 'Throttles'),
    ...ofEach(deployment, 'Errors'),
    tableReadThrottles: ofTable(table, 'ReadThrottleEvents'),
    tableWriteThrottles: ofTable(table, 'WriteThrottleEvents'),
  };
}

/** The figures that tell what a deployment used, beside tasks and load balancers. */
export function usageMetrics(deployment: string, table: string): Record<string, MetricAsked> {
  const work = queueNames.work(deployment);
  return {
    gatewayRequests: {
      namespace: 'AWS/ApiGateway',
      name: 'Count',
      dimensions: { ApiName: `shallop-${deployment}` },
      fold: 'sum',
    },
    ...ofEach(deployment, 'Invocations'),
    ...ofEach(deployment, 'Duration'),
    reads: ofTable(table, 'ConsumedReadCapacityUnits'),
    writes: ofTable(table, 'ConsumedWriteCapacityUnits'),
    queueSent: ofQueue(work, 'NumberOfMessagesSent', 'sum'),
    queueReceived: ofQueue(work, 'NumberOfMessagesReceived', 'sum'),
    queueDeleted: ofQueue(work, 'NumberOfMessagesDeleted', 'sum'),
    queueEmpty: ofQueue(work, 'NumberOfEmptyReceives', 'sum'),
    logBytes: ofLogs(`/shallop/${deployment}/pods`),
    gatewayLogBytes: ofLogs(`/shallop/${deployment}/api`),
    auditLogBytes: ofLogs(`/shallop/${deployment}/audit`),
    ...Object.fromEntries(
      functionNames.map((name) => [
        keyOf('LogBytes', name),
        ofLogs(`/aws/lambda/${functionName(deployment, name)}`),
      ]),
    ),
  };
}

/** The key of a figure of one function. */
export const keyOf = (metric: string, name: FunctionName): string => `${metric} of ${name}`;

const ofEach = (deployment: string, metric: string): Record<string, MetricAsked> =>
  Object.fromEntries(
    functionNames.map((name) => [keyOf(metric, name), ofFunction(deployment, name, metric, 'sum')]),
  );

const ofFunction = (
  deployment: string,
  function_: FunctionName,
  name: string,
  fold: MetricAsked['fold'],
): MetricAsked => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: functionName(deployment, function_) },
  fold,
});

const ofQueue = (QueueName: string, name: string, fold: MetricAsked['fold']): MetricAsked => ({
  namespace: 'AWS/SQS',
  name,
  dimensions: { QueueName },
  fold,
});
const waiting = (queue: string) => ofQueue(queue, 'ApproximateNumberOfMessagesVisible', 'latest');

const ofTable = (TableName: string, name: string): MetricAsked => ({
  namespace: 'AWS/DynamoDB',
  name,
  dimensions: { TableName },
  fold: 'sum',
});

const ofLogs = (LogGroupName: string): MetricAsked => ({
  namespace: 'AWS/Logs',
  name: 'IncomingBytes',
  dimensions: { LogGroupName },
  fold: 'sum',
});
