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
  const rowOf = rowsOf(call);
  return { ...tableHead(call, metadata, version, withColumns), rows: objects.map(rowOf) };
}

/** Returns what of a Table stands before its rows. */
export const tableHead = ({ served }: Call, metadata: ListMeta, version = 'v1', withColumns = true) => ({
  kind: 'Table',
  apiVersion: `meta.k8s.io/${version}`,
  metadata,
  columnDefinitions: withColumns ? served.kind.columns.map(definition) : null,
});

/** Returns what makes a row of an object. Throws BadRequest when nobody knows what is asked for besides the cells. */
export function rowsOf(call: Call): (object: AnyObject) => ReturnType<typeof row> {
  const include = included(call);
  return (object) => row(call, object, include);
}

const definition = ({ name, type, format, description, priority }: Column) => ({
  name,
  type,
  format: format ?? '',
  description,
  priority: priority ?? 0,
});

const parts = ['None', 'Object', 'Metadata'] as const;
type Part = (typeof parts)[number];

/** Returns what of each object goes with its row. */
function included({ query }: Call): Part {
  const wanted = query.get('includeObject') || 'Metadata';
  const part = parts.find((each) => each === wanted);
  if (part) return part;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(wanted)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

function row({ served, deps }: Call, object: AnyObject, include: Part) {
  const now = deps.clock.now();
  const cells = served.kind.columns.map((column) => column.value(object, now));
  const shown = { None: () => null, Object: () => object, Metadata: () => partialMetadata(object) };
  return { cells, object: shown[include]() };
}

/** Writes only the metadata of an object; `version` is that of meta.k8s.io. */
export const partialMetadata = ({ metadata }: Pick<AnyObject, 'metadata'>, version = 'v1') => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${version}`,
  metadata,
});
