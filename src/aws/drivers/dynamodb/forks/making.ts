import { conflict } from '../../../../shared/errors/common.ts';
import type { ForkOptions } from '../../../../shared/ports/storage.ts';
import { notEmpty } from '../../../../shared/storage/log/errors.ts';
import { spaceOf } from '../../../../shared/storage/log/keys.ts';
import { forkFormat } from '../format.ts';
import type { Heads } from '../heads.ts';
import { counterPlace, formatPlace } from '../layout.ts';
import type { Timings } from '../options.ts';
import { entryAttributes } from '../records.ts';
import { cancellation } from '../sender.ts';
import { counterOf, type Table } from '../table.ts';
import type { Tail } from '../tail.ts';
import { encodeFork, type Fork, type Layer, type Layers } from './record.ts';
import { forksOf, notReady, recordOf, resourcesOf, withdraw } from './registered.ts';
import { beginRequest, freezeRequest, registerRequest, stageRequest } from './requests.ts';
import { visibleUpTo } from './visible.ts';

export interface Workshop {
  table: Table;
  heads: Heads;
  timings: Timings;
  /** The log of a space. */
  tail(space: string): Tail;
  /** Seconds since the epoch at which an entry written now may go. */
  expires(): number;
}

const resourcesAtOnce = 10;

/**
 * Makes `cluster` a fork of `base`, or goes on with one that somebody else has begun to make: each step may be done again, by
 * several at once, and the stage that is written down says whose counts.
 *
 * @throws Conflict when `cluster` holds anything else or has forks, or `base` is being dropped
 */
export async function makeFork(
  shop: Workshop,
  base: string,
  cluster: string,
  { without = [] }: ForkOptions,
): Promise<void> {
  const { table } = shop;
  if (cluster === base || cluster === 'default') throw notEmpty(cluster);
  for (;;) {
    const fork = await recordOf(table, cluster);
    if (!fork) {
      await checkEmpty(table, cluster);
      const made: Fork = {
        ...{ cluster, base, without, id: table.ids.uid() },
        ...{ stage: 'freezing', dropper: '', layers: new Map() },
      };
      await table.raise(formatPlace, 'format', forkFormat);
      await table.putNew(encodeFork(made));
    } else if (fork.stage === 'gone' || fork.stage === 'plain') throw beingDropped(cluster);
    else if (fork.base !== base) throw notEmpty(cluster);
    else if (fork.stage === 'freezing') await freeze(shop, fork);
    else if (fork.stage === 'beginning') await begin(shop, fork);
    else return;
  }
}

const beingDropped = (name: string) =>
  conflict({ group: 'shallop.dev', plural: 'logicalclusters', name }, 'it is being removed');

/** Nothing was written there since it was last dropped, and nobody reads through it. */
async function checkEmpty(table: Table, cluster: string): Promise<void> {
  const resources = await resourcesOf(table, cluster);
  const counters = await Promise.all(
    resources.map((resource) => table.counter(spaceOf({ cluster, resource }))),
  );
  const isWritten = counters.some(({ revision, empty }) => revision > empty);
  if (isWritten || (await forksOf(table, cluster)).length) throw notEmpty(cluster);
}

/** Settles what the fork reads, and writes that down. */
async function freeze(shop: Workshop, fork: Fork): Promise<void> {
  const { table } = shop;
  try {
    await table.transactAll(registerRequest(table.name, fork, table.ids.uid()));
  } catch (error) {
    // Somebody else has got further, or dropped it.
    if (cancellation(error)) return;
    throw error;
  }
  const below = await recordOf(table, fork.base);
  // Who drops a cluster says so first and then looks for forks; here it is the other way round.
  if (below?.dropper || below?.stage === 'gone') {
    await withdraw(table, fork);
    throw beingDropped(fork.base);
  }
  // Two that become forks of each other: one of them sees it.
  if ((await forksOf(table, fork.cluster)).length) {
    await withdraw(table, fork);
    throw notEmpty(fork.cluster);
  }
  if (below?.base && below.stage !== 'ready') throw notReady(fork.base);
  const resources = (await resourcesOf(table, fork.base)).filter((each) => !fork.without.includes(each));
  const layers: [string, Layer[]][] = [];
  await eachOf(resources, async (resource) => {
    const further = below?.layers.get(resource) ?? [];
    const revision = await freezeOne(shop, fork, spaceOf({ cluster: fork.base, resource }), !further.length);
    if (revision !== undefined) layers.push([resource, [{ cluster: fork.base, revision }, ...further]]);
  });
  const sorted: Layers = new Map(layers.sort(([a], [b]) => (a < b ? -1 : 1)));
  await table.update(stageRequest(table.name, fork, 'beginning', sorted));
}

/** The revision up to which the fork reads a space: everything up to it is written, and shows. Undefined: nothing is there. */
async function freezeOne(
  { table, tail, timings }: Workshop,
  { id }: Fork,
  space: string,
  isLowest: boolean,
): Promise<number | undefined> {
  const frozen = counterOf((await table.update(freezeRequest(table.name, space, id)))!);
  if (isLowest && frozen.forked <= frozen.empty) return undefined;
  await tail(space).close(frozen.forked);
  await visibleUpTo(table, space, frozen.forked, timings);
  return frozen.forked;
}

async function begin(shop: Workshop, fork: Fork): Promise<void> {
  await eachOf([...fork.layers], async ([resource, [upper]]) => {
    await beginOne(shop, fork, resource, upper!.revision);
  });
  await shop.table.update(stageRequest(shop.table.name, fork, 'ready'));
}

/** The resource goes on from the revision of the base, or from where an earlier cluster of the name ended. */
async function beginOne(shop: Workshop, fork: Fork, resource: string, from: number): Promise<void> {
  const { table, heads } = shop;
  const space = spaceOf({ cluster: fork.cluster, resource });
  for (let further = 0; ; ) {
    const item = await table.get(counterPlace(space));
    const counter = counterOf(item ?? {});
    if (counter.fork === fork.id) return heads.say(space, counter.revision);
    if (counter.revision > counter.empty) throw notEmpty(fork.cluster);
    const seen = item?.reserved ? counter.revision : undefined;
    const revision = Math.max(from, seen === undefined ? 0 : seen + 1) + further;
    const now = table.clock.now();
    const entry = entryAttributes(space, revision, 'begin', { at: now, expires: shop.expires() });
    const wanted = { fork, resource, space, seen, revision, entry, now };
    try {
      await table.transactAll(beginRequest(table.name, wanted, table.ids.uid()));
    } catch (error) {
      const [record, counted, log] = (cancellation(error) ?? []).map(
        ({ Code }) => Code === 'ConditionalCheckFailed',
      );
      if (!record && !counted && !log) throw error;
      // Another one has got further, or it has been dropped: the record tells which.
      if (record) return;
      if (log) further++;
    }
  }
}

async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += resourcesAtOnce)
    await Promise.all(all.slice(at, at + resourcesAtOnce).map(work));
}
