import type { Reader } from '../../../client/client.ts';
import { resourceName } from '../../../kinds/kind.ts';
import type { KubeObject } from '../../../meta/object.ts';
import type { Stored } from '../../../ports/storage.ts';
import type { Controller, Watch } from '../../controller.ts';
import { itemOf } from '../source.ts';
import { type Work, workFor, workId } from './work.ts';

interface Route {
  controller: Controller;
  watch: Watch;
}

/** Who watches what: by resource name. */
export type Routes = ReadonlyMap<string, Route[]>;

export function routesOf(controllers: readonly Controller[]): Routes {
  const routes = controllers.flatMap((controller) =>
    controller.watches.map((watch): Route => ({ controller, watch })),
  );
  return Map.groupBy(routes, ({ watch }) => resourceName(watch.resource));
}

/** One object that changed, or that is offered again: then `old` is the object itself. */
export interface Offer {
  stored: Stored;
  old?: Stored;
  deleted: boolean;
  since?: number;
}

/**
 * What there is to do after a change, each key once. An object is parsed once however many watch it, and not at all
 * when nobody does.
 */
export async function workAfter(
  routes: Routes,
  { stored, old, deleted, since }: Offer,
  client: Reader,
): Promise<Work[]> {
  const { cluster, resource } = stored.key;
  const interested = (routes.get(resource) ?? []).filter(
    ({ controller, watch }) =>
      (!controller.defaultClusterOnly || cluster === 'default') &&
      (!watch.lean || deleted || itemOf(stored).notable()),
  );
  if (interested.length === 0) return [];
  const object = itemOf(stored).parse();
  const before = beforeOf(object, { stored, ...(old && { old }), deleted });
  const found = await Promise.all(
    interested.map(async ({ controller, watch }) => {
      const keys = await watch.keys(object, before, { deleted, client });
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
