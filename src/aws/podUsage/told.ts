import { badRequest } from '../../shared/errors/common.ts';
import type { ContainerUsage, Reading } from '../../shared/ports/statistics.ts';
import { fargateSizes } from '../drivers/pods/sizes.ts';

const mostCores = Math.max(...fargateSizes.map(([cpu]) => cpu)) / 1024;
const mostBytes = Math.max(...fargateSizes.flatMap(([, memories]) => memories)) * 2 ** 20;
/** Clocks differ, and ECS reads the counters every few seconds. */
const slackMs = 60_000;
const oldestMs = 300_000;

/**
 * Reads what a Pod tells: `task` is what ECS knows of its task, `stats` what Docker counts for each container, by its id.
 * Of the containers with these names those that run are told of; none at all while one of them has no counters yet. Throws
 * BadRequest for what no task of Fargate could have used.
 */
export function usagesTold(body: Uint8Array, names: ReadonlySet<string>, now: number): ContainerUsage[] {
  const told = parsed(body);
  const containers = at(told, 'task', 'Containers');
  if (!Array.isArray(containers)) throw badRequest('task.Containers is no list');
  const stats = at(told, 'stats');
  const usages = new Map<string, ContainerUsage | undefined>();
  for (const container of containers) {
    const name = at(container, 'Name');
    if (typeof name !== 'string' || !names.has(name) || at(container, 'KnownStatus') !== 'RUNNING') continue;
    if (usages.has(name)) throw badRequest(`container ${JSON.stringify(name)} is told of twice`);
    usages.set(name, usageOf(name, container, at(stats, String(at(container, 'DockerId'))), now));
  }
  const all = [...usages.values()];
  return all.every((usage) => usage !== undefined) ? all : [];
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch (error) {
    throw badRequest(`it is no JSON: ${(error as Error).message}`);
  }
}

/** Undefined while it is not counted. */
function usageOf(name: string, container: unknown, stats: unknown, now: number): ContainerUsage | undefined {
  const bounded = (what: string, value: unknown, most: number): number => {
    if (typeof value === 'number' && value >= 0 && value <= most) return value;
    throw badRequest(`container ${JSON.stringify(name)}: ${what} is no number from 0 to ${most}`);
  };
  const total = at(stats, 'cpu_stats', 'cpu_usage', 'total_usage');
  const held = at(stats, 'memory_stats', 'usage');
  if (total === undefined || held === undefined) return undefined;
  const readAt = timeOf(at(stats, 'read'));
  if (!(readAt >= now - oldestMs && readAt <= now + slackMs))
    throw badRequest(`container ${JSON.stringify(name)}: read is no time of the last five minutes`);
  const since = timeOf(at(container, 'StartedAt'));
  // It was started again after its counters were read.
  if (!(since <= readAt)) return undefined;
  const mostNanoseconds = mostCores * (readAt - since + slackMs) * 1e6;
  const cpuNanoseconds = bounded('cpu_usage.total_usage', total, mostNanoseconds);
  const memory = bounded('memory_stats.usage', held, mostBytes);
  const before = readingBefore(stats, { at: readAt, cpuNanoseconds }, since);
  return {
    ...{ name, at: readAt, since, cpuNanoseconds },
    memoryBytes: Math.max(0, memory - bounded('inactive_file', inactiveFile(stats), mostBytes)),
    ...(before && { before }),
  };
}

/** Memory that the kernel takes away first. Control groups of version 1 have a sum of it beside the group's own. */
function inactiveFile(stats: unknown): unknown {
  const { total_inactive_file: total, inactive_file: own } = Object(at(stats, 'memory_stats', 'stats'));
  return total ?? own ?? 0;
}

/** What Docker read before, where it says so of this run. */
function readingBefore(stats: unknown, now: Reading, since: number): Reading | undefined {
  const readAt = timeOf(at(stats, 'preread'));
  const total = at(stats, 'precpu_stats', 'cpu_usage', 'total_usage');
  const fits = typeof total === 'number' && total >= 0 && total <= now.cpuNanoseconds;
  return fits && readAt >= since && readAt < now.at ? { at: readAt, cpuNanoseconds: total } : undefined;
}

/** NaN for what is no time. */
const timeOf = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : Number.NaN);

/** Undefined where there is no such place. */
function at(value: unknown, ...path: string[]): unknown {
  let found = value;
  for (const name of path)
    found =
      found !== null && typeof found === 'object' && Object.hasOwn(found, name)
        ? (found as Record<string, unknown>)[name]
        : undefined;
  return found;
}
