import type { Reader } from '../../../client/client.ts';
import { resourceName } from '../../../kinds/kind.ts';
import type { KubeObject } from '../../../meta/object.ts';
import type { Stored } from '../../../ports/storage.ts';
import type { Controller, Watch, WatchAll } from '../../controller.ts';
import { isWatched, itemOf } from '../source.ts';
import { type Work, workFor, workId } from './work.ts';

interface Route {
  controller: Controller;
  watch: Pick<Watch, 'keys' | 'lean' | 'named'>;
}

/** Describes who watches what. */
export interface Routes {
  /** By resource name. */
  byResource: ReadonlyMap<string, readonly Route[]>;
  /** Those who watch every resource. */
  everywhere: readonly { controller: Controller; watch: WatchAll }[];
}

/** Indexes what the controllers watch by resource; a change then finds its controllers without a search. */
export function routesOf(controllers: readonly Controller[]): Routes {
  const known = indexed.get(controllers) ?? indexOf(controllers);
  indexed.set(controllers, known);
  return known;
}

/** Those of a process are the same for each delivery. */
const indexed = new WeakMap<readonly Controller[], Routes>();

function indexOf(controllers: readonly Controller[]): Routes {
  const routes = controllers.flatMap((controller) =>
    controller.watches.map((watch) => ({ controller, watch })),
  );
  return {
    byResource: Map.groupBy(routes, ({ watch }) => resourceName(watch.resource)),
    everywhere: controllers.flatMap((controller) =>
      controller.watchesAll ? [{ controller, watch: controller.watchesAll }] : [],
    ),
  };
}

/** Names of all resources that somebody watches in a logical cluster. */
export async function watchedIn({ byResource, everywhere }: Routes, client: Reader): Promise<Set<string>> {
  const names = new Set(byResource.keys());
  if (everywhere.length === 0) return names;
  for (const resource of await client.resources()) {
    const name = resourceName(resource);
    if (everywhere.some(({ watch }) => !watch.except.includes(name))) names.add(name);
  }
  return names;
}

function routesTo({ byResource, everywhere }: Routes, resource: string): readonly Route[] {
  const own = byResource.get(resource) ?? [];
  const others = everywhere.filter(({ watch }) => !watch.except.includes(resource));
  if (!others.length) return own;
  return [
    ...own,
    ...others.map(({ controller, watch: { keys } }): Route => ({ controller, watch: { keys, lean: true } })),
  ];
}

/** One object that changed, or that is offered again: then `old` is the object itself. */
export interface Offer {
  stored: Stored;
  old?: Stored;
  deleted: boolean;
  since?: number;
}

/**
 * Returns what there is to do after a change, each key once. An object is parsed once however many watch it, and not at
 * all when nobody does.
 */
export async function workAfter(
  routes: Routes,
  { stored, old, deleted, since }: Offer,
  client: Reader,
): Promise<Work[]> {
  const { cluster, resource } = stored.key;
  const interested = routesTo(routes, resource).filter(
    ({ controller, watch }) =>
      (!controller.defaultClusterOnly || cluster === 'default') &&
      (deleted || isWatched(watch, itemOf(stored))),
  );
  if (interested.length === 0) return [];
  const object = itemOf(stored).parse();
  const before = beforeOf(object, { stored, ...(old && { old }), deleted });
  const found = await Promise.all(
    interested.map(async ({ controller, watch }) => {
      const keys = await watch.keys(object, before, { resource, deleted, client });
      return keys.map((key) => workFor(controller, cluster, key, since));
    }),
  );
  return distinct(found.flat());
}

function beforeOf(object: KubeObject, { stored, old, deleted }: Offer): KubeObject | undefined {
  if (!old || deleted) return undefined;
  return old === stored ? object : itemOf(old).parse();
}

/** The first of each. */
export function distinct(all: readonly Work[]): Work[] {
  const byId = new Map<string, Work>();
  for (const work of all) if (!byId.has(workId(work))) byId.set(workId(work), work);
  return [...byId.values()];
}
