import { table } from '../../shared/meta/table.ts';
import type { Option } from '../verb.ts';
import { fileOptions, readManifests } from './manifests.ts';
import { type Address, listObjects } from './read.ts';
import { type Scene, selectorOption } from './scene.ts';
import { targetsOf } from './targets.ts';

/** An object that a call means. */
export interface Chosen extends Address {
  /** The file that names it. */
  source?: string;
}

/** Options by which a call chooses objects. */
export const chooseOptions: Record<string, Option> = table({
  ...fileOptions,
  ...selectorOption,
  'field-selector': { type: 'string', value: 'QUERY', help: 'field selector' },
  all: { type: 'boolean', help: 'all objects of the type in the namespace' },
  'all-namespaces': { type: 'boolean', short: 'A', help: 'in all namespaces' },
});

/**
 * The objects that a call names, in files or in words, or chooses by selectors or with --all; and what cannot be told of
 * them. `hint` says what to do where no name is given.
 */
export async function chosenObjects(
  scene: Scene,
  words: string[] = scene.call.positionals,
  hint = '',
): Promise<{ chosen: Chosen[]; problems: unknown[] }> {
  const { call, io, namespace } = scene;
  const resources = await scene.resources();
  const files = call.texts('filename');
  if (files.length) {
    const enforced = call.text('namespace') !== undefined;
    const read = await readManifests(files, call.flag('recursive'), io, { resources, namespace, enforced });
    const chosen = read.manifests.map(({ object, ...rest }) => ({ ...rest, name: object.metadata.name }));
    return { chosen, problems: read.problems };
  }
  // An empty one, such as an unset variable of a shell leaves, chooses nothing rather than everything.
  const selects = ['selector', 'field-selector'].some((name) => call.text(name)?.trim());
  const chosen: Chosen[] = [];
  for (const { resource, name } of targetsOf(words, resources)) {
    const within = resource.namespaced ? namespace : undefined;
    if (name !== undefined) chosen.push({ resource, namespace: within, name });
    else if (!selects && !call.flag('all'))
      throw new Error(`resource(s) were provided, but no name was specified${hint}`);
    else chosen.push(...(await listed(scene, resource)));
  }
  return { chosen, problems: [] };
}

async function listed(
  { call, connection, namespace }: Scene,
  resource: Chosen['resource'],
): Promise<Chosen[]> {
  const { items } = await listObjects(connection, resource, {
    namespace: call.flag('all-namespaces') ? undefined : namespace,
    labels: call.text('selector'),
    fields: call.text('field-selector'),
  });
  return items.map(({ metadata }) => ({ resource, namespace: metadata.namespace, name: metadata.name }));
}

/** Does something to each; what fails is answered, and the others are done. */
export async function forEachChosen<T = Chosen>(
  scene: Scene,
  chosen: T[],
  act: (one: T) => Promise<void>,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const one of chosen)
    await act(one).catch((error) => {
      if (scene.io.interrupted.aborted) throw error;
      failures.push(error);
    });
  return failures;
}
