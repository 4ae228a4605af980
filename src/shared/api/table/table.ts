import { badRequest } from '../../errors/common.ts';
import type { Column } from '../../kinds/kind.ts';
import type { ListMeta } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Call } from '../request.ts';

/** Objects as the rows `kubectl get` prints. Later events of a watch go without the columns. */
export function tableOf(
  call: Call,
  objects: AnyObject[],
  metadata: ListMeta,
  version = 'v1',
  withColumns = true,
) {
  const { columns } = call.served.kind;
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: withColumns ? columns.map(definition) : null,
    rows: objects.map((object) => row(call, object)),
  };
}

const definition = ({ name, type, format, description, priority }: Column) => ({
  name,
  type,
  format: format ?? '',
  description,
  priority: priority ?? 0,
});

function row({ served, deps, query }: Call, object: AnyObject) {
  const now = deps.clock.now();
  const cells = served.kind.columns.map((column) => column.value(object, now));
  const include = query.get('includeObject') || 'Metadata';
  switch (include) {
    case 'None':
      return { cells, object: null };
    case 'Object':
      return { cells, object };
    case 'Metadata':
      return { cells, object: partialMetadata(object) };
    default:
      throw badRequest(
        `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(include)}: must be 'Metadata', 'Object', 'None', or empty`,
      );
  }
}

export const partialMetadata = ({ metadata }: Pick<AnyObject, 'metadata'>, version = 'v1') => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${version}`,
  metadata,
});
