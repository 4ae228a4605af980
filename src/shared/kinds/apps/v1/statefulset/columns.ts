import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../../../printing/columns.ts';
import { containerImages, containerNames } from '../../../printing/lists.ts';
import type { StatefulSet } from '../../../schema/types.ts';

export const columns: Column<StatefulSet>[] = [
  nameColumn,
  column(
    'Ready',
    'Ready Pods of the desired ones.',
    ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
  ),
  ageColumn,
  wideColumn('Containers', 'Names in the template.', ({ spec }) =>
    containerNames(spec?.template.spec?.containers),
  ),
  wideColumn('Images', 'Images in the template.', ({ spec }) =>
    containerImages(spec?.template.spec?.containers),
  ),
];
