import type { Column } from '../../../kind.ts';
import { ageColumn, booleanColumn, column, nameColumn } from '../../../printing/columns.ts';
import type { CSIDriver } from '../../../schema/types.ts';

export const columns: Column<CSIDriver>[] = [
  nameColumn,
  booleanColumn(
    'AttachRequired',
    'Whether volumes are attached to a node first.',
    ({ spec }) => spec.attachRequired ?? true,
  ),
  booleanColumn(
    'PodInfoOnMount',
    'Whether the driver is told of the Pod.',
    ({ spec }) => spec.podInfoOnMount ?? false,
  ),
  booleanColumn(
    'StorageCapacity',
    'Whether the driver tells what room there is.',
    ({ spec }) => spec.storageCapacity ?? false,
  ),
  column(
    'TokenRequests',
    'The audiences of tokens that the driver gets.',
    ({ spec }) => spec.tokenRequests?.map(({ audience }) => audience).join(',') ?? '<unset>',
  ),
  booleanColumn(
    'RequiresRepublish',
    'Whether volumes are mounted again now and then.',
    ({ spec }) => spec.requiresRepublish ?? false,
  ),
  column(
    'Modes',
    'How long volumes of the driver live.',
    ({ spec }) => spec.volumeLifecycleModes?.join(',') || '<none>',
  ),
  ageColumn,
];
