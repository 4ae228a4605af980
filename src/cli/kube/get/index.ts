import { UsageError } from '../../verb.ts';
import type { Resource } from '../discovery.ts';
import { isNotFound, report } from '../failure.ts';
import type { KubeObject } from '../objects.ts';
import { isObjectOutput, unknownOutput } from '../print/outputs.ts';
import type { TablePrinter } from '../print/table.ts';
import { getObject, listObjects } from '../read.ts';
import type { Scene } from '../scene.ts';
import { areNames, type Target, targetsOf } from '../targets.ts';
import { inOrder, printerFor, selectionOf, tableOf } from './tables.ts';

/** Asks what the server serves where what an earlier command was told of it will not do: definitions come and go. */
export async function runGet(scene: Scene): Promise<number> {
  const { call, resources, anew } = scene;
  const words = call.positionals;
  const known = await resources();
  const targets = targetsOf(words, areNames(words, known) ? known : ((await anew()) ?? known));
  try {
    return await getTargets(scene, targets);
  } catch (error) {
    const newer = isNotFound(error) && targets.length === 1 && (await anew());
    if (!newer) throw error;
    return getTargets(scene, targetsOf(words, newer));
  }
}

async function getTargets(scene: Scene, targets: Target[]): Promise<number> {
  const { call } = scene;
  const output = call.text('output') ?? '';
  if (output !== '' && output !== 'wide' && !isObjectOutput(output)) throw unknownOutput(output);
  if (targets.some(({ name }) => name) && (call.text('selector') || call.flag('all-namespaces')))
    throw new UsageError(
      call.text('selector')
        ? 'name cannot be provided when a selector is specified'
        : 'a resource cannot be retrieved by name across all namespaces',
    );
  if (call.flag('output-watch-events') && !call.flag('watch') && !call.flag('watch-only'))
    throw new Error('--output-watch-events option can only be used with --watch or --watch-only');
  if (call.flag('watch') || call.flag('watch-only'))
    return (await import('./watch.ts')).watchTarget(scene, targets);
  return isObjectOutput(output) ? getObjects(scene, targets, output) : getTables(scene, targets);
}

async function getObjects(scene: Scene, targets: Target[], output: string): Promise<number> {
  const { call, io, connection, namespace } = scene;
  const objects: KubeObject[] = [];
  const failures = await eachTarget(scene, targets, async ({ resource, name }) => {
    if (name !== undefined) objects.push(await getObject(connection, resource, namespace, name));
    else objects.push(...(await listObjects(connection, resource, selectionOf(scene))).items);
  });
  const single = targets.length === 1 && targets[0]!.name !== undefined;
  const sortBy = call.text('sort-by');
  if (sortBy) inOrder(objects, (object) => object, sortBy);
  if (objects.length || (!single && failures.length === 0)) {
    const { objectPrinter } = await import('../print/objects.ts');
    objectPrinter(output, io, call.flag('no-headers'))(objects, !single);
  }
  return report(failures);
}

async function getTables(scene: Scene, targets: Target[]): Promise<number> {
  const { call, io } = scene;
  const several = new Set(targets.map(({ resource }) => resource)).size > 1;
  let printed = false;
  let last: Resource | undefined;
  let printer: TablePrinter | undefined;
  const failures = await eachTarget(scene, targets, async (target) => {
    const table = await tableOf(scene, target);
    if (!table.rows?.length) return;
    if (target.resource !== last) {
      if (printed) io.out('');
      printer = printerFor(scene, target.resource, several);
    }
    last = target.resource;
    printed = true;
    printer!.print(table);
  });
  if (!printed && failures.length === 0 && !call.flag('ignore-not-found')) io.err(nothingIn(scene, targets));
  return report(failures);
}

function nothingIn({ call, namespace }: Scene, targets: Target[]): string {
  const namespaced = targets.some(({ resource }) => resource.namespaced) && !call.flag('all-namespaces');
  return namespaced ? `No resources found in ${namespace} namespace.` : 'No resources found';
}

/** Does every target, and answers the failures of those that failed. */
async function eachTarget(
  { call, io }: Scene,
  targets: Target[],
  one: (target: Target) => Promise<void>,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const target of targets)
    await one(target).catch((error) => {
      if (io.interrupted.aborted) throw error;
      if (!isNotFound(error) || !call.flag('ignore-not-found')) failures.push(error);
    });
  return failures;
}
