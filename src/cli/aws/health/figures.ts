import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DescribeClustersCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { Usage } from '../../../aws/prices/usage.ts';
import { functionNames, memoryOf } from '../../../aws/watched/index.ts';
import { healthMetrics, keyOf, usageMetrics } from './asked.ts';
import { type MetricAsked, readMetrics } from './metrics.ts';
import { type QuotaName, quotaCodes, readQuota } from './quotas.ts';
import { askFor, type Told } from './told.ts';

/** Describes what the account's services tell of a deployment. */
export interface Figures {
  /** By the keys of `healthMetrics`, of the last quarter of an hour. */
  health: Told<Partial<Record<string, number>>>;
  tasks: Told<{ running: number; pending: number }>;
  /** `used` is absent where nothing counts it. */
  quotas: Record<QuotaName, Told<{ limit: number; used?: number }>>;
  /** Since the month began, a day ago at its beginning, or since a later deployment: see `monthSoFar`. */
  usage: Told<{ used: Usage; duringMs: number }>;
}

export interface FigureClients {
  cloudwatch: Pick<CloudWatchClient, 'send'>;
  ecs: Pick<ECSClient, 'send'>;
  serviceQuotas: Pick<ServiceQuotasClient, 'send'>;
}

export interface FiguresQuery extends FigureClients {
  /** Name of the deployment. */
  name: string;
  /** Its table, where that is a restored one. */
  table?: string;
  /** MB of the API's function. */
  apiMemory?: number;
  /** Is when its stack was made. */
  since?: string;
  /** Milliseconds since the epoch. */
  now: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Is what alarms look at, too. */
const lately = { ms: 15 * minuteMs, periodSeconds: 60 };

/** Asks the account's services, all of them by reading. What one of them refuses is told as not known. */
export async function readFigures(query: FiguresQuery): Promise<Figures> {
  const { name, table = `shallop-${name}`, now, cloudwatch, ecs } = query;
  const window = { startMs: now - lately.ms, endMs: now, periodSeconds: lately.periodSeconds };
  const [health, tasks, usage, ...limits] = await Promise.all([
    askFor(() => readMetrics(cloudwatch, healthMetrics(name, table), window)),
    askFor(() => tasksOf(ecs, name)),
    askFor(() => readUsage({ ...query, table })),
    ...quotaNames.map((quota) => askFor(() => readWithUse(query, quota))),
  ]);
  const quotas = Object.fromEntries(quotaNames.map((quota, i) => [quota, limits[i]!]));
  return { health, tasks, usage, quotas: quotas as Figures['quotas'] };
}

const quotaNames = Object.keys(quotaCodes) as QuotaName[];

async function tasksOf(ecs: FigureClients['ecs'], name: string) {
  const answer = await ecs.send(new DescribeClustersCommand({ clusters: [`shallop-${name}`] }));
  const [found] = answer.clusters ?? [];
  if (!found) throw new Error(`ECS knows no cluster shallop-${name}`);
  return { running: found.runningTasksCount ?? 0, pending: found.pendingTasksCount ?? 0 };
}

async function readWithUse({ serviceQuotas, cloudwatch, now }: FiguresQuery, name: QuotaName) {
  const { limit, usage = usageOf[name] } = await readQuota(serviceQuotas, name);
  if (!usage) return { limit };
  const window = { startMs: now - lately.ms, endMs: now, periodSeconds: lately.periodSeconds };
  const { used } = await readMetrics(cloudwatch, { used: usage }, window);
  return { limit, ...(used !== undefined && { used }) };
}

/** Counted where Service Quotas names no figure. */
const usageOf: Partial<Record<QuotaName, MetricAsked>> = {
  executions: { namespace: 'AWS/Lambda', name: 'ConcurrentExecutions', dimensions: {}, fold: 'largest' },
};

async function readUsage({ cloudwatch, now, ...query }: FiguresQuery & { table: string }) {
  const { name, table, apiMemory, since } = query;
  const { startMs, endMs, duringMs } = monthSoFar(now, since ? Date.parse(since) : 0);
  const window = { startMs, endMs, periodSeconds: hourMs / 1000 };
  const told = await readMetrics(cloudwatch, usageMetrics(name, table), window);
  return { used: usageIn(told, apiMemory), duringMs };
}

/**
 * Returns what figures are asked for, in whole hours, and how long use goes on: since the first of the month, on its first
 * day for a whole day, but no longer than the deployment has been there, and for an hour at least.
 */
export function monthSoFar(now: number, since = 0): { startMs: number; endMs: number; duringMs: number } {
  const today = new Date(now);
  const first = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1);
  const dayAgo = Math.floor((now - dayMs) / hourMs) * hourMs;
  const from = Math.min(Math.max(Math.min(first, dayAgo), since), now - hourMs);
  return { startMs: Math.floor(from / hourMs) * hourMs, endMs: now, duringMs: now - from };
}

function usageIn(told: Partial<Record<string, number>>, apiMemory = memoryOf.api): Usage {
  const sum = (keys: string[]) => keys.reduce((total, key) => total + (told[key] ?? 0), 0);
  const memory = { ...memoryOf, api: apiMemory };
  const gbSeconds = functionNames.map(
    (each) => ((told[keyOf('Duration', each)] ?? 0) / 1000) * (memory[each] / 1024),
  );
  return {
    gatewayRequests: sum(['gatewayRequests']),
    functionRequests: sum(functionNames.map((each) => keyOf('Invocations', each))),
    functionGbSeconds: gbSeconds.reduce((total, each) => total + each, 0),
    reads: sum(['reads']),
    writes: sum(['writes']),
    // At most: a request takes up to ten messages.
    queueRequests: sum(['queueSent', 'queueReceived', 'queueDeleted', 'queueEmpty']),
    logGigabytes: sum(Object.keys(told).filter((key) => /logbytes/i.test(key))) / 1e9,
  };
}
