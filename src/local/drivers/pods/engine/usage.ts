import type { Usage } from '../../../../shared/ports/statistics.ts';
import type { EngineStatistics } from './answers.ts';
import type { EngineClient } from './client.ts';

/** Returns what a container has used since it started; undefined where the engine does not tell. */
export async function usageOf(
  client: EngineClient,
  container: string,
): Promise<Pick<Usage, 'cpuNanoseconds' | 'memoryBytes'> | undefined> {
  const query = { stream: false, 'one-shot': true };
  const told = await client
    .ask<EngineStatistics | undefined>('GET', `/containers/${container}/stats`, { query })
    .catch(() => undefined);
  return told && amountsOf(told);
}

/** The working set as kubelet reckons it: what is used, without the file cache that has not been needed for long. */
export function amountsOf({ cpu_stats, memory_stats }: EngineStatistics) {
  const cpuNanoseconds = cpu_stats?.cpu_usage?.total_usage;
  const { usage, stats = {} } = memory_stats ?? {};
  if (!cpuNanoseconds || usage === undefined) return undefined;
  const inactive = stats.total_inactive_file ?? stats.inactive_file ?? 0;
  return { cpuNanoseconds, memoryBytes: Math.max(0, usage - inactive) };
}
