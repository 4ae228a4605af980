import type { Column } from '../../../kind.ts';
import { ageColumn, column, integerColumn, nameColumn, wideColumn } from '../../../printing/columns.ts';
import { containerImages, containerNames } from '../../../printing/lists.ts';
import { labelsText, selectorText } from '../../../printing/selector.ts';
import type { DaemonSet } from '../../../schema/types.ts';

export const columns: Column<DaemonSet>[] = [
  nameColumn,
  integerColumn(
    'Desired',
    'Nodes that should run a Pod.',
    ({ status }) => status?.desiredNumberScheduled ?? 0,
  ),
  integerColumn(
    'Current',
    'Of these, Nodes that have one.',
    ({ status }) => status?.currentNumberScheduled ?? 0,
  ),
  integerColumn('Ready', 'Of these, Nodes whose Pod is ready.', ({ status }) => status?.numberReady ?? 0),
  integerColumn(
    'Up-to-date',
    'Pods of the newest template.',
    ({ status }) => status?.updatedNumberScheduled ?? 0,
  ),
  integerColumn(
    'Available',
    'Pods that have been ready for long enough.',
    ({ status }) => status?.numberAvailable ?? 0,
  ),
  column('Node Selector', 'Labels of the Nodes.', ({ spec }) =>
    labelsText(spec?.template.spec?.nodeSelector),
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
