import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import type { ControllerRevision } from '../../../schema/types.ts';

export const columns: Column<ControllerRevision>[] = [
  nameColumn,
  column('Controller', 'What it is a revision of.', controller),
  column('Revision', 'Counts up with each change.', ({ revision }) => revision),
  ageColumn,
];

/** `statefulset.apps/web`. */
function controller({ metadata }: ControllerRevision): string {
  const owner = metadata.ownerReferences?.find((reference) => reference.controller);
  if (!owner) return '<none>';
  const [, group = ''] = owner.apiVersion.split('/').reverse();
  return `${owner.kind.toLowerCase()}${group && `.${group}`}/${owner.name}`;
}
