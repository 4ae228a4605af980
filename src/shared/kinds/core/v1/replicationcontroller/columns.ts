import type { Column } from '../../../kind.ts';
import { ageColumn, integerColumn, nameColumn, wideColumn } from '../../../printing/columns.ts';
import { containerImages, containerNames } from '../../../printing/lists.ts';
import { labelsText } from '../../../printing/selector.ts';
import type { ReplicationController } from '../../../schema/types.ts';

export const columns: Column<ReplicationController>[] = [
  nameColumn,
  integerColumn('Desired', 'How many Pods there should be.', ({ spec }) => spec?.replicas ?? 0),
  integerColumn('Current', 'How many Pods there are.', ({ status }) => status?.replicas ?? 0),
  integerColumn('Ready', 'How many Pods are ready.', ({ status }) => status?.readyReplicas ?? 0),
  ageColumn,
  wideColumn('Containers', 'Names in the template.', ({ spec }) =>
    containerNames(spec?.template?.spec?.containers),
  ),
  wideColumn('Images', 'Images in the template.', ({ spec }) =>
    containerImages(spec?.template?.spec?.containers),
  ),
  wideColumn('Selector', 'Labels of the Pods.', ({ spec }) => labelsText(spec?.selector)),
];
