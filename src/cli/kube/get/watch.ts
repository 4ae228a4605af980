import { escapeHtml, sorted } from '../../../shared/kinds/printing/json.ts';
import { UsageError } from '../../verb.ts';
import { apiVersionOf, pathOf } from '../discovery.ts';
import { ServerError, type Status } from '../failure.ts';
import type { KubeObject } from '../objects.ts';
import { objectPrinter } from '../print/objects.ts';
import { isObjectOutput } from '../print/outputs.ts';
import { asTable, type Table, tableAccept } from '../print/table.ts';
import { getObject, listObjects, query, watchLines } from '../read.ts';
import type { Scene } from '../scene.ts';
import type { Target } from '../targets.ts';
import { printerFor, selectionOf, tableOf } from './tables.ts';

/** Shows what is, and then every change until the server or the user ends it. */
export async function watchTarget(scene: Scene, targets: Target[]): Promise<number> {
  const [target, ...more] = targets;
  if (!target || more.length)
    throw new UsageError('you may only specify a single resource type, or one object, to watch');
  const output = scene.call.text('output') ?? '';
  return isObjectOutput(output) ? watchObjects(scene, target, output) : watchTable(scene, target);
}

async function watchTable(scene: Scene, target: Target): Promise<number> {
  const { call, connection } = scene;
  const printer = printerFor(scene, target.resource);
  const table = await tableOf(scene, target);
  if (!call.flag('watch-only')) printer.print(table);
  const since = table.metadata?.resourceVersion;
  for await (const { type, object } of watchLines<Table & Status>(
    connection,
    watchPath(scene, target, since),
    {
      accept: tableAccept,
    },
  )) {
    if (type === 'ERROR') throw new ServerError(object);
    if (type !== 'BOOKMARK') printer.print(asTable(object), type);
  }
  return 0;
}

async function watchObjects(scene: Scene, target: Target, output: string): Promise<number> {
  const { call, io, connection, namespace } = scene;
  const { resource, name } = target;
  const printAll = objectPrinter(output, io, call.flag('no-headers'));
  const print = (object: KubeObject, type = 'ADDED') => {
    if (!call.flag('output-watch-events') || output === 'name') printAll([object], false);
    else if (output === 'json') io.out(escapeHtml(JSON.stringify({ type, object: sorted(object) })));
    else printAll([{ object, type } as unknown as KubeObject], false);
  };
  let since: string | undefined;
  if (name !== undefined) {
    const object = await getObject(connection, resource, namespace, name);
    since = object.metadata.resourceVersion;
    if (!call.flag('watch-only')) print(object);
  } else {
    const { items, metadata } = await listObjects(connection, resource, selectionOf(scene));
    since = metadata?.resourceVersion;
    if (!call.flag('watch-only')) for (const item of items) print(item);
  }
  for await (const { type, object } of watchLines<KubeObject & Status>(
    connection,
    watchPath(scene, target, since),
  )) {
    if (type === 'ERROR') throw new ServerError(object);
    if (type !== 'BOOKMARK')
      print({ ...object, apiVersion: apiVersionOf(resource), kind: resource.kind }, type);
  }
  return 0;
}

function watchPath(scene: Scene, { resource, name }: Target, since: string | undefined): string {
  const { namespace, labels, fields } = selectionOf(scene);
  const byName = name === undefined ? undefined : `metadata.name=${name}`;
  const parameters = {
    watch: 'true',
    resourceVersion: since,
    labelSelector: labels,
    fieldSelector: byName ?? fields,
  };
  return `${pathOf(resource, namespace)}${query(parameters)}`;
}
