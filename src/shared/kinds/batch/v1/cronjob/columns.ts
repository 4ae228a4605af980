import type { Column } from '../../../kind.ts';
import { ageColumn, column, integerColumn, nameColumn, wideColumn } from '../../../printing/columns.ts';
import { since } from '../../../printing/duration.ts';
import { containerImages, containerNames } from '../../../printing/lists.ts';
import { selectorText } from '../../../printing/selector.ts';
import type { CronJob } from '../../../schema/types.ts';

const containersOf = ({ spec }: CronJob) => spec?.jobTemplate.spec?.template?.spec?.containers;

export const columns: Column<CronJob>[] = [
  nameColumn,
  column('Schedule', 'When Jobs are made.', ({ spec }) => spec?.schedule ?? ''),
  column('Timezone', 'Whose clock the schedule means.', ({ spec }) => spec?.timeZone ?? '<none>'),
  {
    // Kubernetes declares a boolean and sends the word.
    ...column<CronJob>('Suspend', 'Whether no Jobs are made.', ({ spec }) =>
      spec?.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False',
    ),
    type: 'boolean',
  },
  integerColumn('Active', 'Jobs that run.', ({ status }) => status?.active?.length ?? 0),
  column('Last Schedule', 'When a Job was last made.', ({ status }, now) =>
    status?.lastScheduleTime ? since(status.lastScheduleTime, now) : '<none>',
  ),
  ageColumn,
  wideColumn('Containers', 'Names in the template.', (job) => containerNames(containersOf(job))),
  wideColumn('Images', 'Images in the template.', (job) => containerImages(containersOf(job))),
  wideColumn('Selector', 'Labels of the Pods.', ({ spec }) => {
    const selector = spec?.jobTemplate.spec?.selector;
    return selector ? selectorText(selector) : '<none>';
  }),
];
