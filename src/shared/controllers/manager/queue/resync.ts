import type { Clients, Reader } from '../../../client/client.ts';
import type { Logger } from '../../../observability/logger.ts';
import type { Storage, Stored } from '../../../storage/storage.ts';
import { fnv1a } from '../../common/hash.ts';
import type { Controller } from '../../controller.ts';
import { sendWork } from './outbox.ts';
import type { WorkQueues } from './queues.ts';
import { readOnce } from './readOnce.ts';
import { type Routes, routesOf, workAfter } from './routes.ts';
import { alwaysWork, type Work, workId } from './work.ts';

export interface ResyncDeps {
  controllers: readonly Controller[];
  storage: Pick<Storage, 'get' | 'list'>;
  clients: Clients;
  queues: WorkQueues;
  log: Logger;
}

export interface ResyncOptions {
  /** Counts the resyncs: the minute, for one a minute. */
  tick: number;
  /** A cluster is looked at as a whole every so many ticks, each at its own one. Default 10. */
  every?: number;
  /** Look at everything now. */
  whole?: boolean;
}

export interface ResyncSummary {
  clusters: number;
  /** Messages sent. */
  sent: number;
  /** Messages that could not be sent: the next resync sends them. */
  unsent: number;
  /** Clusters that could not be looked at to the end. */
  failed: number;
}

/**
 * Offers objects again, so that a lost message delays and never breaks. At every tick those that controllers with
 * `wakes` watch (nothing tells a queue what a runtime's `changes()` tells a process); now and then all others, and
 * what controllers do always. An empty cluster costs one short list a tick.
 */
export async function resync(deps: ResyncDeps, options: ResyncOptions): Promise<ResyncSummary> {
  const { tick, every = 10, whole = false } = options;
  const names = await clustersOf(deps.storage);
  const summary: ResyncSummary = { clusters: names.length, sent: 0, unsent: 0, failed: 0 };
  for (const cluster of names)
    try {
      const turn = whole || (tick + fnv1a(cluster)) % every === 0 || (await isNew(deps.storage, cluster));
      const some = turn ? deps.controllers : deps.controllers.filter(({ wakes }) => wakes);
      await offerCluster(cluster, some, turn, deps, summary);
    } catch (error) {
      // One that cannot be read must not keep the others from their turn.
      deps.log.error('a cluster was not looked at to the end', { cluster, error });
      summary.failed++;
    }
  return summary;
}

const page = 500;

async function clustersOf(storage: ResyncDeps['storage']): Promise<string[]> {
  const names = ['default'];
  for await (const items of pages(storage, 'default', 'logicalclusters.shallop.dev'))
    names.push(...items.map(({ key }) => key.name));
  return names;
}

/** Nobody has bootstrapped it yet. */
const isNew = async (storage: ResyncDeps['storage'], cluster: string): Promise<boolean> =>
  !(await storage.get({ cluster, resource: 'namespaces', namespace: '', name: 'default' }));

async function offerCluster(
  cluster: string,
  controllers: readonly Controller[],
  whole: boolean,
  deps: ResyncDeps,
  summary: ResyncSummary,
): Promise<void> {
  const send = senderOf(deps, summary);
  if (whole)
    await send(
      controllers
        .filter(({ always, defaultClusterOnly }) => always && (!defaultClusterOnly || cluster === 'default'))
        .map((controller) => alwaysWork(controller, cluster)),
    );
  const routes = routesOf(controllers);
  for (const resource of routes.keys())
    for await (const items of pages(deps.storage, cluster, resource)) {
      const reader = readOnce(deps.clients(cluster));
      const notable = whole ? items : items.filter(isUnderWay);
      const work = await Promise.all(notable.map((stored) => offered(routes, stored, reader)));
      await send(work.flat());
    }
}

/** What has ended does not change by itself. */
const isUnderWay = ({ index }: Stored): boolean =>
  !['Succeeded', 'Failed'].includes(index.fields?.['status.phase'] ?? '');

const offered = (routes: Routes, stored: Stored, reader: Reader): Promise<Work[]> =>
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

async function* pages(
  storage: ResyncDeps['storage'],
  cluster: string,
  resource: string,
): AsyncGenerator<Stored[]> {
  let cursor: string | undefined;
  do {
    const listing = await storage.list({ cluster, resource }, { limit: page, ...(cursor && { cursor }) });
    yield listing.items;
    cursor = listing.cursor;
  } while (cursor);
}
