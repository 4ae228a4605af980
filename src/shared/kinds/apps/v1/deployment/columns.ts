import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../../../printing/columns.ts';
import { containerImages, containerNames } from '../../../printing/lists.ts';
import { selectorText } from '../../../printing/selector.ts';
import type { Deployment } from '../../../schema/types.ts';

export const columns: Column<Deployment>[] = [
  nameColumn,
  column(
    'Ready',
    'Ready Pods of the desired ones.',
    ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
  ),
  column('Up-to-date', 'Pods of the newest template.', ({ status }) => status?.updatedReplicas ?? 0),
  column(
    'Available',
    'Pods that have been ready for long enough.',
    ({ status }) => status?.availableReplicas ?? 0,
  ),
  ageColumn,
  wideColumn('Containers', 'Names in the template.', ({ spec }) =>
    containerNames(spec?.template.spec?.containers),
  ),
  wideColumn('Images', 'Images in the template.', ({ spec }) =>
    containerImages(spec?.template.spec?.containers),
  ),
  wideColumn('Selector', 'Labels of the Pods.', ({ spec }) => selectorText(spec?.selector)),
];
