import type { AnyObject } from '../../meta/object.ts';
import type { Context } from '../context.ts';

/** A meta.k8s.io/v1 Table, as `kubectl get` prints it. */
export interface Table {
  kind: 'Table';
  apiVersion: 'meta.k8s.io/v1';
  metadata: object;
  columnDefinitions: object[];
  rows: Row[];
}

interface Row {
  cells: unknown[];
  object?: object;
}

/** Rows in the order of the objects. `withColumns` false is for the later events of a watch. */
export function tableOf(ctx: Context, objects: AnyObject[], metadata: object, withColumns = true): Table {
  const { kind, query } = ctx;
  const include = query.get('includeObject') ?? 'Metadata';
  const now = ctx.deps.clock.now();
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns ? kind.columns.map(definition) : [],
    rows: objects.map((object) => ({
      cells: kind.columns.map((column) => column.value(object, now)),
      ...(include === 'Object' && { object }),
      ...(include === 'Metadata' && { object: partialObject(object) }),
    })),
  };
}

const definition = ({ name, type, format, description, priority }: Context['kind']['columns'][number]) => ({
  name,
  type: type === 'date' ? 'string' : type,
  format: format ?? '',
  description,
  priority: priority ?? 0,
});

/** Only what every kind has. */
export const partialObject = ({ metadata }: AnyObject): object => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
});
