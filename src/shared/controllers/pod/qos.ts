import type { Pod, PodQOSClass } from '../../kinds/schema/types.ts';

/** Guaranteed: every container limits cpu and memory to what it requests; BestEffort: none says anything. */
export function qosClass(pod: Pod): PodQOSClass {
  const all = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].map(
    (c) => c.resources ?? {},
  );
  const counted = (amounts: Record<string, string> | undefined) =>
    (amounts?.cpu ?? amounts?.memory) !== undefined;
  if (!all.some(({ requests, limits }) => counted(requests) || counted(limits))) return 'BestEffort';
  const guaranteed = all.every(({ requests, limits }) =>
    (['cpu', 'memory'] as const).every(
      (resource) => limits?.[resource] && (requests?.[resource] ?? limits[resource]) === limits[resource],
    ),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
