import type { Column } from '../../../kind.ts';
import { column, nameColumn } from '../../../printing/columns.ts';
import { containerImages, containerNames } from '../../../printing/lists.ts';
import { labelsText } from '../../../printing/selector.ts';
import type { PodTemplate } from '../../../schema/types.ts';

export const columns: Column<PodTemplate>[] = [
  nameColumn,
  column('Containers', 'Names in the template.', ({ template }) =>
    containerNames(template?.spec?.containers),
  ),
  column('Images', 'Images in the template.', ({ template }) => containerImages(template?.spec?.containers)),
  column('Pod Labels', 'Labels of the template.', ({ template }) => labelsText(template?.metadata?.labels)),
];
