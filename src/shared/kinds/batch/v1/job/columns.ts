import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../../../printing/columns.ts';
import { humanDuration, since } from '../../../printing/duration.ts';
import { containerImages, containerNames } from '../../../printing/lists.ts';
import { selectorText } from '../../../printing/selector.ts';
import type { Job } from '../../../schema/types.ts';
import { conditionHolds } from './conditions.ts';

export const columns: Column<Job>[] = [
  nameColumn,
  column('Status', 'Where the Job stands.', statusText),
  column('Completions', 'Pods that succeeded, of those that are to.', completionsText),
  column('Duration', 'How long it ran, or has been running.', durationText),
  ageColumn,
  wideColumn('Containers', 'Names in the template.', ({ spec }) =>
    containerNames(spec?.template.spec?.containers),
  ),
  wideColumn('Images', 'Images in the template.', ({ spec }) =>
    containerImages(spec?.template.spec?.containers),
  ),
  wideColumn('Selector', 'Labels of the Pods.', ({ spec }) =>
    spec?.selector ? selectorText(spec.selector) : '<none>',
  ),
];

function statusText(job: Job): string {
  const holds = (type: string) => conditionHolds(job.status, type);
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(holds) ?? 'Running';
}

function completionsText({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationText({ status = {} }: Job, now: number): string {
  const { startTime, completionTime } = status;
  if (!startTime) return '';
  return completionTime
    ? humanDuration(Date.parse(completionTime) - Date.parse(startTime))
    : since(startTime, now);
}
