import { ok, deepStrictEqual as same } from 'node:assert/strict';
import { decodeBlob } from '../../../src/aws/drivers/dynamodb/blob.ts';
import { logPlace, objectPlace } from '../../../src/aws/drivers/dynamodb/layout.ts';
import { decodeEntry, decodeObject, type Entry, isGone } from '../../../src/aws/drivers/dynamodb/records.ts';
import type { Change, Stored } from '../../../src/shared/ports/storage.ts';
import { separator, spaceOf } from '../../../src/shared/storage/log/keys.ts';
import type { World } from './world.ts';
import { type Outcome, rival, rivalClaim, space } from './worldSeen.ts';

const path = ({ key }: Stored) => `${key.namespace}/${key.name}`;
const idOf = ({ value }: Stored): string => JSON.parse(Buffer.from(value).toString()).id;
const lineOf = (object: Stored) =>
  `${path(object)} ${object.revision} ${object.index.owners} ${object.index.claims} ${idOf(object)}`;
type State = ReadonlyMap<string, Stored>;

/** The log as it lies in the table, in order. */
function logOf(world: World): Entry[] {
  const { pk } = logPlace(spaceOf(space), 0);
  return world.simulator.operations.items
    .partition(pk)
    .map((item) => decodeEntry(spaceOf(space), item, decodeBlob(item, [])));
}

/** Judges all that a world's callers saw by the log alone. Throws on the first thing that cannot be. */
export function check(world: World): void {
  const log = logOf(world);
  const changes = log.flatMap(({ change }) => change ?? []);
  const states = replay(changes);
  const at = (revision: number): State => states.findLast(([r]) => r <= revision)![1];
  checkTable(world, at(Number.MAX_SAFE_INTEGER));
  checkOutcomes(world.outcomes, changes);
  checkClaims(
    world.outcomes,
    states.map(([, state]) => state),
  );
  for (const { atLeast, listing } of world.lists) {
    const revision = Number(listing.revision);
    ok(revision >= atLeast, `a list at ${revision} misses what was acknowledged at ${atLeast}`);
    // The owner that was asked for travels in the place of the cursor.
    const wanted = [...at(revision).values()].filter(
      (o) => !listing.cursor || o.index.owners?.includes(listing.cursor),
    );
    same(listing.items.map(lineOf), wanted.map(lineOf).sort(), `list at ${revision}`);
  }
  for (const { path: where, atLeast, stored } of world.reads)
    if (stored) {
      ok(
        changes.some((c) => c.object.revision === stored.revision && path(c.object) === where),
        'a read of nothing',
      );
      ok(Number(stored.revision) >= atLeast, `${where} read at ${stored.revision} after ${atLeast}`);
    }
  checkWatches(world, changes);
}

/** Every change follows from the one before it: compare-and-swap held. */
function replay(changes: Change[]): [number, State][] {
  const states: [number, State][] = [[0, new Map()]];
  for (const { type, object, previous } of changes) {
    const state = new Map(states.at(-1)![1]);
    const known = state.get(path(object));
    same(previous && lineOf(previous), known && lineOf(known), `what ${object.revision} replaced`);
    ok(type === 'put' || known, `${object.revision} deletes what is not there`);
    if (type === 'put') state.set(path(object), object);
    else state.delete(path(object));
    states.push([Number(object.revision), state]);
  }
  return states;
}

/** Objects, owners' entries and claims are what the log says. */
function checkTable({ simulator: { operations } }: World, state: State): void {
  const { pk } = objectPlace(spaceOf(space), '');
  const stored = operations.items.partition(pk).filter((item) => !isGone(item));
  same(
    stored.map((item) => `${item.sk!.S!.replace(separator, '/')} ${item.revision!.N}`),
    [...state.values()].map((object) => `${path(object)} ${object.revision}`).sort(),
    'the objects in the table',
  );
  const owned = operations.items
    .all()
    .filter((item) => item.pk!.S!.startsWith(`owner${separator}${space.cluster}${separator}`))
    .map(
      (item) => `${item.pk!.S!.split(separator).at(-1)} ${item.sk!.S!.split(separator).slice(1).join('/')}`,
    );
  same(
    owned.sort(),
    [...state.values()].flatMap((o) => (o.index.owners ?? []).map((u) => `${u} ${path(o)}`)).sort(),
    'the owners in the table',
  );
  const claimed = operations.items
    .all()
    .filter((item) => item.pk!.S === `claim${separator}${space.resource}` && item.holder)
    .map((item) => `${item.sk!.S} ${item.holder!.S!.replaceAll(separator, '/')}`);
  const rivals = operations.items
    .partition(objectPlace(spaceOf(rival), '').pk)
    .filter((item) => !isGone(item))
    .map((item) => decodeObject(spaceOf(rival), item, decodeBlob(item, [])));
  same(
    claimed.sort(),
    [...state.values(), ...rivals]
      .flatMap((o) =>
        (o.index.claims ?? []).map((c) => `${c} ${spaceOf(o.key).replace(separator, '/')}/${path(o)}`),
      )
      .sort(),
    'the claims in the table',
  );
}

/** Each value has one holder at a time, and who was refused for it was so for another's sake. */
function checkClaims(outcomes: Outcome[], states: State[]): void {
  const holders = states.map((state) => {
    const claims = [...state.values()].flatMap((o) =>
      (o.index.claims ?? []).map((c) => [c, path(o)] as const),
    );
    const byClaim = new Map(claims);
    same(byClaim.size, claims.length, `two hold the same: ${claims.join(' ')}`);
    return byClaim;
  });
  for (const { id, path: where, kind, held } of outcomes)
    if (held) {
      const anothers = (holder: string | undefined) =>
        holder !== undefined && (kind === 'create' || holder !== where);
      ok(
        holders.some((byClaim) =>
          held.every((claim) => claim === rivalClaim || anothers(byClaim.get(claim))),
        ),
        `${id} was refused for ${held}, which nobody held`,
      );
    }
}

/** Acknowledged: once, where it said. Refused: never. Unknown: at most once. */
function checkOutcomes(outcomes: Outcome[], changes: Change[]): void {
  for (const { id, path: where, kind, expected, revision, refused, held } of outcomes) {
    const mine = changes.filter(({ object }) => idOf(object) === id);
    if (refused) {
      same(mine.length, 0, `${id} was refused and happened`);
      if (held) continue;
      ok(['Conflict', 'NotFound', 'AlreadyExists'].includes(refused), `${id} was refused with ${refused}`);
      const why = changes.some(
        (c) => path(c.object) === where && Number(c.object.revision) > Number(expected ?? 0),
      );
      ok(why, `${id} was refused for nothing`);
    } else ok(mine.length <= 1, `${id} happened ${mine.length} times`);
    if (revision === undefined) continue;
    same(mine.length, 1, `${id} was acknowledged at ${revision} and is lost`);
    const [{ type, object, previous }] = mine as [Change];
    same(
      [Number(object.revision), path(object), type === 'delete'],
      [revision, where, kind === 'delete'],
      id,
    );
    same(previous?.revision, expected, `${id} replaced`);
  }
}

/** Each told exactly the log, from where it began to where it was. */
function checkWatches({ watches }: World, changes: Change[]): void {
  const newest = Number(changes.at(-1)?.object.revision ?? 1);
  for (const { since, changes: told, progress, position, ended } of watches) {
    const between = (to: number) =>
      changes.filter(({ object }) => Number(object.revision) > since && Number(object.revision) <= to);
    const line = ({ type, object }: Change) => `${type} ${lineOf(object)}`;
    same(told.map(line), between(position).map(line), `watch from ${since} to ${position}`);
    for (const { revision, told: count } of progress)
      same(between(revision).length, count, `progress ${revision} of the watch from ${since}`);
    if (!ended) ok(position >= newest, `a watch is at ${position}, the log at ${newest}`);
  }
}
