import { podWarnings } from '../../../core/v1/pod/warnings/index.ts';
import { nameWarnings } from '../../../core/v1/pod/warnings/name.ts';
import type { Job, JobSpec } from '../../../schema/types.ts';

/** Returns what a client is warned of when it writes a Job. On a change, only a changed spec is looked at. */
export function warnings({ metadata, spec }: Job, old?: Job): string[] {
  if (old) return metadata.generation === old.metadata.generation ? [] : specWarnings('spec', spec);
  // Names of Pods begin with that of what makes them.
  return [...nameWarnings(metadata.name ?? '', 'Pod names and hostnames'), ...specWarnings('spec', spec)];
}

/** Returns the warnings about a Job's spec; `at` is its path, since a CronJob has one too. */
export function specWarnings(at: string, spec: JobSpec | undefined): string[] {
  const { completionMode, completions = 0, parallelism = 0, template } = spec ?? {};
  const isHuge = completionMode === 'Indexed' && completions > 100_000 && parallelism > 10_000;
  return [
    ...(isHuge
      ? [
          `${at}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
        ]
      : []),
    ...podWarnings(`${at}.template.`, template?.metadata, template?.spec),
  ];
}
