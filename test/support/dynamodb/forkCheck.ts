import { ok, deepStrictEqual as same } from 'node:assert/strict';
import { decodeBlob } from '../../../src/aws/drivers/dynamodb/blob.ts';
import { logPlace } from '../../../src/aws/drivers/dynamodb/layout.ts';
import { decodeEntry, type Entry, isGone } from '../../../src/aws/drivers/dynamodb/records.ts';
import type { Stored } from '../../../src/shared/ports/storage.ts';
import { separator, spaceOf } from '../../../src/shared/storage/log/keys.ts';
import { type ForkWorld, pods } from './forkWorld.ts';
import type { World } from './world.ts';

type State = ReadonlyMap<string, Stored>;
/** States of a cluster by revision, in order. */
type States = [revision: number, state: State][];

const path = ({ key }: Stored) => `${key.namespace}/${key.name}`;
const idOf = ({ value }: Stored): string => JSON.parse(Buffer.from(value).toString()).id;
const lineOf = (object: Stored) =>
  `${path(object)} ${object.revision} ${object.index.owners} ${idOf(object)}`;
const at = (states: States, revision: number): State =>
  states.findLast(([r]) => r <= revision)?.[1] ?? new Map();

function logOf({ simulator }: World, cluster: string): Entry[] {
  const space = spaceOf({ cluster, resource: pods });
  return simulator.operations.items
    .partition(logPlace(space, 0).pk)
    .map((item) => decodeEntry(space, item, decodeBlob(item, [])));
}

/** Judges what callers saw of forks by the logs alone. Throws on the first thing that cannot be. */
export function checkForks(world: World, forks: ForkWorld): void {
  const byCluster = new Map<string, States>();
  const statesOf = (cluster: string): States => {
    const known = byCluster.get(cluster);
    if (known) return known;
    // A fork of a fork of a cluster of this name reads an earlier part of the same states.
    const states: States = [];
    byCluster.set(cluster, states);
    for (const entry of logOf(world, cluster)) states.push([entry.revision, after(entry, cluster, states)]);
    return states;
  };
  const after = ({ type, revision, change }: Entry, cluster: string, states: States): State => {
    const state = new Map(states.at(-1)?.[1]);
    if (type === 'drop') return new Map();
    if (type === 'begin') return beginning(cluster, revision);
    if (!change) return state;
    const known = state.get(path(change.object));
    same(
      change.previous && lineOf(change.previous),
      known && lineOf(known),
      `what ${revision} of ${cluster} replaced`,
    );
    if (type === 'put') state.set(path(change.object), change.object);
    else state.delete(path(change.object));
    return state;
  };
  const beginning = (cluster: string, revision: number): State => {
    const fork = forks.ready.find(
      (each) => each.cluster === cluster && forks.begun.get(each.id) === revision,
    );
    // One that was dropped before it was ready shows nothing to anybody.
    const [layer] = fork?.layers.get(pods) ?? [];
    return layer ? at(statesOf(layer.cluster), layer.revision) : new Map();
  };

  for (const { cluster, atLeast, owner, listing } of forks.lists) {
    const revision = Number(listing.revision);
    ok(revision >= atLeast, `a list of ${cluster} at ${revision} misses what was acknowledged at ${atLeast}`);
    const wanted = [...at(statesOf(cluster), revision).values()].filter(
      (each) => !owner || each.index.owners?.includes(owner),
    );
    same(listing.items.map(lineOf), wanted.map(lineOf).sort(), `list of ${cluster} at ${revision}`);
  }
  for (const { cluster, base, atLeast, before, after: end } of forks.made)
    for (const fork of forks.ready.slice(before, end))
      if (fork.cluster === cluster && fork.base === base) {
        const shown = fork.layers.get(pods)?.[0]?.revision ?? 0;
        // Another base may have been dropped since, and have nothing.
        ok(
          shown >= atLeast || (!shown && base !== 'default'),
          `${cluster} shows ${shown} of ${base}, where ${atLeast} was acknowledged`,
        );
      }
  checkOutcomes(world, forks);
}

function checkOutcomes(world: World, { outcomes }: ForkWorld): void {
  for (const { cluster, id, path: where, expected, revision, refused } of outcomes) {
    const mine = logOf(world, cluster).flatMap(({ change }) =>
      change && idOf(change.object) === id ? [change] : [],
    );
    if (refused) same(mine.length, 0, `${id} was refused with ${refused} and happened`);
    ok(mine.length <= 1, `${id} happened ${mine.length} times`);
    if (revision === undefined) continue;
    same(mine.length, 1, `${id} was acknowledged at ${revision} and is lost`);
    same([mine[0]!.object.revision, path(mine[0]!.object)], [`${revision}`, where], id);
    same(mine[0]!.previous?.revision, expected, `${id} replaced`);
  }
}

/** Once all forks are dropped nothing tells of them but counters, which are never used twice, and logs, which go by themselves. */
export function checkNothingLeft({ simulator }: World): void {
  const kinds = ['fork', 'forks', 'past', 'former'];
  const left = simulator.operations.items.all().filter((item) => {
    const [kind = '', cluster = ''] = item.pk!.S!.split(separator);
    const isForks = !['default', 'rival', pods].includes(cluster);
    return (
      kinds.includes(kind) ||
      (['object', 'owner', 'chunk'].includes(kind) && isForks && !isGone(item)) ||
      (kind === 'counter' && Number(item.forked?.N ?? 0) > 0)
    );
  });
  same(
    left.map(({ pk, sk }) => `${pk!.S} ${sk!.S}`.replaceAll(separator, '·')),
    [],
    'what is left when the forks are gone',
  );
}
