import { listObjects } from './read.ts';
import type { Scene } from './scene.ts';
import { type Target, targetsOf } from './targets.ts';

export type Named = Target & { name: string };

/** The objects that the call names, or chooses with -l or --all. */
export async function namedTargets(
  { call, connection, namespace, resources }: Scene,
  words = call.positionals,
) {
  const targets = targetsOf(words, await resources());
  const labels = call.text('selector');
  const named: Named[] = [];
  for (const { resource, name } of targets) {
    if (name !== undefined) named.push({ resource, name });
    else if (!call.flag('all') && labels === undefined)
      throw new Error('resource(s) were provided, but no name was specified');
    else
      for (const { metadata } of (await listObjects(connection, resource, { namespace, labels })).items)
        named.push({ resource, name: metadata.name });
  }
  return named;
}
