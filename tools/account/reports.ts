import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';

/** What Lambda says of one run of a function. */
export interface RunReport {
  durationMs: number;
  /** Present for a cold start. */
  initDurationMs?: number;
  maxMemoryUsedMB: number;
}

export const functions = [
  'api',
  'dispatch',
  'route',
  'reconcile-workloads',
  'reconcile-pods',
  'reconcile-services',
  'reconcile-secrets',
  'resync',
] as const;

/** The reports of a function since then, from its log. */
export async function reportsOf(deployment: string, name: string, since: number): Promise<RunReport[]> {
  const found: RunReport[] = [];
  for (const line of await linesOf(deployment, name, since, '{ $.type = "platform.report" }')) {
    const { record } = JSON.parse(line) as { record?: { metrics?: RunReport } };
    if (record?.metrics) found.push(record.metrics);
  }
  return found;
}

/** Lines of a function's log since then that a filter pattern of CloudWatch lets through. */
export async function linesOf(
  deployment: string,
  name: string,
  since: number,
  filterPattern: string,
): Promise<string[]> {
  const query = {
    logGroupName: `/aws/lambda/shallop-${deployment}-${name}`,
    startTime: since,
    filterPattern,
  };
  const lines: string[] = [];
  for await (const { events = [] } of paginateFilterLogEvents(
    { client: new CloudWatchLogsClient({}) },
    query,
  ))
    for (const { message } of events) if (message) lines.push(message);
  return lines;
}

/** The value that so much of them is at or below. Undefined of none. */
export const percentile = (values: number[], share: number): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)];
