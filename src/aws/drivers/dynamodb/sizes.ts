import type { Listing, Page, Scope, Size } from '../../../shared/ports/storage.ts';
import { spaceOf } from '../../../shared/storage/log/keys.ts';
import { resourcesOf } from './forks/registered.ts';
import type { Table } from './table.ts';

const atOnce = 500;

/** As Storage.heads: of what a cluster wrote itself since it began, or was dropped. */
export async function headsOf(
  table: Table,
  cluster: string,
  headOf: (resource: string) => Promise<string>,
): Promise<Map<string, string>> {
  const heads = new Map<string, string>();
  for (const resource of await resourcesOf(table, cluster)) {
    const { revision, empty } = await table.counter(spaceOf({ cluster, resource }));
    if (revision > empty) heads.set(resource, await headOf(resource));
  }
  return heads;
}

/** As Storage.size, by its lists. */
export async function sizeOf(
  table: Table,
  cluster: string,
  list: (scope: Scope, page: Page) => Promise<Listing>,
): Promise<Size> {
  const size: Size = { objects: 0, bytes: 0 };
  for (const resource of await resourcesOf(table, cluster))
    for (let cursor: string | undefined, first = true; first || cursor; first = false) {
      const listing = await list({ cluster, resource }, { limit: atOnce, ...(cursor && { cursor }) });
      size.objects += listing.items.length;
      for (const { value, writtenIn } of listing.items)
        if (writtenIn === undefined) size.bytes += value.length;
      cursor = listing.cursor;
    }
  return size;
}
