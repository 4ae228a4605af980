import { valuesAt } from '../../../shared/kinds/printing/jsonpath.ts';
import { parseQuantity } from '../../../shared/meta/quantity.ts';
import { pathOf, type Resource } from '../discovery.ts';
import { asTable, type Table, TablePrinter, tableAccept } from '../print/table.ts';
import { query, throwListError } from '../read.ts';
import type { Scene } from '../scene.ts';
import type { Target } from '../targets.ts';

/** Returns where a target's objects are looked for. */
export const selectionOf = ({ call, namespace }: Scene) => ({
  namespace: call.flag('all-namespaces') ? undefined : namespace,
  labels: call.text('selector'),
  fields: call.text('field-selector'),
});

/** Prints Tables of the resource as the options ask for it. */
export const printerFor = ({ call, io }: Scene, resource: Resource, several = false): TablePrinter =>
  new TablePrinter(
    resource,
    {
      wide: call.text('output') === 'wide',
      withNamespace: call.flag('all-namespaces') && resource.namespaced,
      withKind: several || call.flag('show-kind'),
      showLabels: call.flag('show-labels'),
      noHeaders: call.flag('no-headers'),
      withEvents: call.flag('output-watch-events'),
    },
    io,
  );

/** One object's Table, or all pages of a list's as one. */
export async function tableOf(scene: Scene, { resource, name }: Target): Promise<Table> {
  const { call, connection, namespace } = scene;
  const sortBy = call.text('sort-by');
  const includeObject = sortBy ? 'Object' : undefined;
  const ask = async (path: string) => asTable(await connection.json<Table>({ path, accept: tableAccept }));
  if (name !== undefined) return ask(`${pathOf(resource, namespace, name)}${query({ includeObject })}`);
  const { namespace: within, labels, fields } = selectionOf(scene);
  const parameters = { limit: 500, labelSelector: labels, fieldSelector: fields, includeObject };
  const table = await ask(`${pathOf(resource, within)}${query(parameters)}`).catch((error) =>
    throwListError(error, resource, { labels, fields }),
  );
  const rows = [...(table.rows ?? [])];
  for (let next = table.metadata?.continue; next; ) {
    const page = await ask(`${pathOf(resource, within)}${query({ ...parameters, continue: next })}`);
    rows.push(...(page.rows ?? []));
    next = page.metadata?.continue;
  }
  if (sortBy) inOrder(rows, ({ object }) => object, sortBy);
  return { ...table, rows };
}

/** Sorts by what the path leads to. */
export function inOrder<T>(items: T[], objectOf: (item: T) => unknown, path: string): void {
  const keys = new Map(items.map((item) => [item, valuesAt(path, objectOf(item))[0]]));
  items.sort((a, b) => order(keys.get(a), keys.get(b)));
}

/** What is not there comes first; texts that are quantities are compared as such. */
function order(x: unknown, y: unknown): number {
  if (typeof x === 'number' && typeof y === 'number') return x - y;
  const [a, b] = [String(x ?? ''), String(y ?? '')];
  const [m, n] = [a && parseQuantity(a), b && parseQuantity(b)];
  if (typeof m === 'bigint' && typeof n === 'bigint') return m < n ? -1 : m > n ? 1 : 0;
  return a < b ? -1 : a > b ? 1 : 0;
}
