import { type Chosen, chosenObjects, forEachChosen } from './chosen.ts';
import { pathOf } from './discovery.ts';
import { dryRunOf } from './dryRun.ts';
import { report } from './failure.ts';
import type { KubeObject } from './objects.ts';
import { type Pairs, pairsOf, partWords } from './pairs.ts';
import { getObject, query } from './read.ts';
import type { Scene } from './scene.ts';
import { changeParameters, tellDone } from './tell.ts';

/** Describes what labels and annotations do not have in common. */
export interface Marks {
  field: 'labels' | 'annotations';
  /** `label`, for messages. */
  word: string;
  /** Throws what cannot be meant. */
  check(changes: string[], pairs: Pairs): void;
  /** Throws when something would be overwritten. */
  keep(found: Record<string, string>, pairs: Pairs): void;
  /** Says what was done, by the sizes of what was and what is. */
  done(before: string, after: string, overwrites: boolean): string;
  /** Tells of something to be removed that is not there; absent: nothing is told. */
  missing?(key: string): string;
}

/** Changes labels or annotations of the objects that the call means, or lists them. */
export async function runMarks(scene: Scene, marks: Marks): Promise<number> {
  const { call } = scene;
  const { objects, changes } = partWords(call.positionals, marks.word);
  const pairs = pairsOf(changes);
  marks.check(changes, pairs);
  for (const option of ['selector', 'field-selector'])
    if (call.flag('all') && call.text(option) !== undefined)
      throw new Error(`cannot set --all and --${option} at the same time`);
  if (!objects.length && !call.texts('filename').length)
    throw new Error('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (!changes.length && !call.flag('list')) throw new Error(`at least one ${marks.word} update is required`);
  const { chosen, problems } = await chosenObjects(scene, objects);
  if (chosen.length !== 1 && call.text('resource-version'))
    throw new Error('--resource-version may only be used with a single resource');
  const failures = await forEachChosen(scene, chosen, (one) =>
    call.flag('list') ? list(scene, one, marks, chosen.length === 1) : change(scene, one, marks, pairs),
  );
  return report([...failures, ...problems]);
}

async function change(scene: Scene, one: Chosen, marks: Marks, pairs: Pairs): Promise<void> {
  const { call, io, connection } = scene;
  const { resource, namespace, name } = one;
  const object = await getObject(connection, resource, namespace, name);
  const { [marks.field]: found = {} } = object.metadata as Pick<Marked, 'labels' | 'annotations'>;
  const isDry = dryRunOf(call) === 'client';
  if (marks.missing && !isDry)
    for (const key of pairs.remove) if (!Object.hasOwn(found, key)) io.out(marks.missing(key));
  if (!call.flag('overwrite')) marks.keep(found, pairs);
  const next = Object.fromEntries(
    Object.entries({ ...found, ...pairs.set }).filter(([key]) => !pairs.remove.includes(key)),
  );
  const after = { ...object, metadata: { ...object.metadata, [marks.field]: next } } as KubeObject;
  const removed = Object.fromEntries(pairs.remove.map((key) => [key, null]));
  const resourceVersion = call.text('resource-version');
  if (!isDry)
    await connection.json({
      method: 'PATCH',
      path: `${pathOf(resource, namespace, name)}${query(changeParameters(scene, `kubectl-${marks.word}`))}`,
      type: 'application/merge-patch+json',
      body: {
        metadata: {
          [marks.field]: { ...pairs.set, ...removed },
          ...(resourceVersion && { resourceVersion }),
        },
      },
    });
  const word = marks.done(textOf(object), textOf(after), call.flag('overwrite'));
  tellDone(scene, resource, after, word);
}

type Marked = { labels?: Record<string, string>; annotations?: Record<string, string> };

/** The same for objects that say the same. */
const textOf = ({ metadata }: KubeObject): string =>
  JSON.stringify({
    ...metadata,
    labels: inOrder(metadata.labels),
    annotations: inOrder(metadata.annotations),
  });

const inOrder = (map: Record<string, string> | undefined) =>
  map && Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

async function list(scene: Scene, one: Chosen, { field }: Marks, isAlone: boolean): Promise<void> {
  const { io, connection } = scene;
  const { resource, namespace, name } = one;
  const { metadata } = await getObject(connection, resource, namespace, name);
  if (!isAlone) io.out(`Listing ${field} for ${resource.kind}.${resource.group}/${name}:`);
  for (const [key, value] of Object.entries(inOrder(metadata[field]) ?? {}))
    io.out(`${isAlone ? '' : ' '}${key}=${value}`);
}
