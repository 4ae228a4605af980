import type { Clients, Reader } from '../../../client/client.ts';
import { readOnce } from '../../../client/readOnce.ts';
import { resourceName } from '../../../kinds/kind.ts';
import { fnv1a } from '../../../meta/fnv1a.ts';
import type { Logger } from '../../../observability/logger.ts';
import type { Storage, Stored } from '../../../ports/storage.ts';
import type { Controller } from '../../controller.ts';
import { sendWork } from './outbox.ts';
import type { WorkQueues } from './queues.ts';
import { isStill, isUnchanged, type Look, openMemory, pages, type ResyncMemory } from './rest.ts';
import { type Routes, routesOf, watchedIn, workAfter } from './routes.ts';
import { alwaysWork, type Work, workFor, workId } from './work.ts';

/** Is what a resync reads from and sends to. */
export interface ResyncDeps {
  controllers: readonly Controller[];
  storage: Pick<Storage, 'get' | 'list' | 'head'>;
  clients: Clients;
  queues: WorkQueues;
  log: Logger;
  /** Absent: nothing rests. */
  memory?: ResyncMemory;
}

/** Says which clusters a resync looks at. */
export interface ResyncOptions {
  /** Counts the resyncs: the minute, for one a minute. */
  tick: number;
  /** A cluster is looked at as a whole every so many ticks, each at its own one. Default 10. */
  every?: number;
  /** One that rests is, after so many ticks. Default 60. */
  rest?: number;
  /** Look at everything now. */
  whole?: boolean;
}

/** Counts what a resync did, for logs and metrics. */
export interface ResyncSummary {
  clusters: number;
  /** Says how many of them had their turn and were left to rest. */
  resting: number;
  /** Messages sent. */
  sent: number;
  /** Messages that could not be sent: the next resync sends them. */
  unsent: number;
  /** Clusters that could not be looked at to the end. */
  failed: number;
}

/**
 * Offers objects again, so that a lost message delays and never breaks. At every tick those that controllers with
 * `wakes` watch (nothing tells a queue what a runtime's `changes()` tells a process), or one key for all of them where
 * the controller has a survey; now and then all others, and what controllers do always.
 *
 * A cluster rests, and is looked at as a whole rarely, when two looks in a row, a turn apart, found the log of every
 * resource where it was, and nothing in the cluster that may change without being written: no Pods, no workloads, no
 * Services but the API's, nothing under deletion. So whatever the lost message was about, it has been offered since the
 * last write, twice, and has led to nothing. Each turn compares again: a write ends the rest.
 */
export async function resync(deps: ResyncDeps, options: ResyncOptions): Promise<ResyncSummary> {
  const { tick, every = 10, rest = 60, whole = false } = options;
  const { storage, log, memory = openMemory() } = deps;
  const names = await clustersOf(storage, memory);
  const summary: ResyncSummary = { clusters: names.length, resting: 0, sent: 0, unsent: 0, failed: 0 };
  for (const cluster of names)
    try {
      const last = memory.looks.get(cluster);
      const first = last ? undefined : await firstNamespace(storage, cluster);
      // Nobody has bootstrapped it yet, or no log has told of what is in it, as it is a fork.
      const isNew = !last && (!first || first.writtenIn !== undefined);
      const turn = whole || (tick + fnv1a(cluster)) % every === 0 || isNew;
      const unchanged = turn && !!last && (await isUnchanged(storage, cluster, last));
      const rests = unchanged && last.sure && !whole && tick - last.tick < rest;
      if (rests) summary.resting++;
      // Looks in quick succession say less: what the first one has offered may still be on its way.
      const sure = unchanged && (last.sure || tick - last.tick >= every);
      await offerCluster(cluster, { ...deps, memory }, summary, turn && !rests && { tick, sure });
      // What was looked at before it began says nothing of it, also where it began meanwhile.
      if (!last && !first) memory.looks.delete(cluster);
    } catch (error) {
      // One that cannot be read must not keep the others from their turn.
      log.error('a cluster was not looked at to the end', { cluster, error });
      summary.failed++;
    }
  return summary;
}

async function clustersOf(storage: ResyncDeps['storage'], memory: ResyncMemory): Promise<string[]> {
  const names = ['default'];
  for await (const { items } of pages(storage, 'default', 'logicalclusters.shallop.dev', memory))
    names.push(...items.map(({ key }) => key.name));
  return names;
}

const firstNamespace = (storage: ResyncDeps['storage'], cluster: string) =>
  storage.get({ cluster, resource: 'namespaces', namespace: '', name: 'default' });

async function offerCluster(
  cluster: string,
  deps: ResyncDeps & { memory: ResyncMemory },
  summary: ResyncSummary,
  whole: Pick<Look, 'tick' | 'sure'> | false,
): Promise<void> {
  const { storage, memory } = deps;
  const offered = deps.controllers.filter(({ survey }) => !survey);
  const controllers = whole ? offered : offered.filter(({ wakes }) => wakes);
  const before = summary.unsent;
  const heads = new Map<string, string>();
  let still = true;
  if (whole) memory.looks.delete(cluster);
  const send = senderOf(deps, summary);
  await send(await surveysOf(cluster, deps, whole ? () => true : isUnderWay));
  if (whole)
    await send(
      deps.controllers
        .filter(({ always, defaultClusterOnly }) => always && (!defaultClusterOnly || cluster === 'default'))
        .map((controller) => alwaysWork(controller, cluster)),
    );
  const routes = routesOf(controllers);
  const moved = routesOf(deps.controllers).byResource;
  const isMoved = (resource: string) => moved.has(resource);
  for (const resource of await watchedIn(routes, deps.clients(cluster)))
    for await (const { items, revision } of pages(storage, cluster, resource, memory)) {
      heads.set(resource, revision);
      still &&= items.every((item) => isStill(item, isMoved));
      const reader = readOnce(deps.clients(cluster));
      const notable = whole ? items : items.filter(isUnderWay);
      const work = await Promise.all(notable.map((stored) => workOffered(routes, stored, reader)));
      await send(work.flat());
    }
  if (whole && summary.unsent === before) memory.looks.set(cluster, { ...whole, heads, still });
}

/** The keys of surveys for which there is an object that matters. */
async function surveysOf(
  cluster: string,
  { controllers, storage, memory }: ResyncDeps & { memory: ResyncMemory },
  matters: (stored: Stored) => boolean,
): Promise<Work[]> {
  const work: Work[] = [];
  for (const controller of controllers) {
    const resource = controller.watches[0]?.resource;
    if (!controller.survey || !resource) continue;
    if (await isThere(cluster, resourceName(resource), { storage, memory }, matters))
      work.push(workFor(controller, cluster, controller.survey));
  }
  return work;
}

/** Returns whether some object matters. The one that did last time mostly does again, and costs one read. */
async function isThere(
  cluster: string,
  resource: string,
  { storage, memory }: Pick<ResyncDeps, 'storage'> & { memory: ResyncMemory },
  matters: (stored: Stored) => boolean,
): Promise<boolean> {
  const place = `${cluster}|${resource}`;
  const before = memory.mattered.get(place);
  const again = before && (await storage.get(before));
  if (again && matters(again)) return true;
  memory.mattered.delete(place);
  for await (const { items } of pages(storage, cluster, resource, memory)) {
    const found = items.findLast(matters);
    if (!found) continue;
    memory.mattered.set(place, found.key);
    return true;
  }
  return false;
}

/** What has ended does not change by itself. */
const isUnderWay = ({ index }: Stored): boolean =>
  !['Succeeded', 'Failed'].includes(index.fields?.['status.phase'] ?? '');

const workOffered = (routes: Routes, stored: Stored, reader: Reader): Promise<Work[]> =>
  workAfter(routes, { stored, old: stored, deleted: false }, reader);

/** Sends each piece of work once. */
function senderOf({ controllers, queues }: ResyncDeps, summary: ResyncSummary) {
  const said = new Set<string>();
  return async (work: readonly Work[]): Promise<void> => {
    const fresh = work.filter((each) => !said.has(workId(each)) && said.add(workId(each)));
    const orders = fresh.map((each) => ({ work: each }));
    const unsent = await sendWork(orders, controllers, queues);
    summary.sent += orders.length - unsent.length;
    summary.unsent += unsent.length;
  };
}
