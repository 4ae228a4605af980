import { claims } from '../shared/kinds/core/v1/service/claims.ts';
import type { Service } from '../shared/kinds/schema/types.ts';
import { ClaimsHeld } from '../shared/ports/claimsHeld.ts';
import type { Storage, Stored } from '../shared/ports/storage.ts';

const reservations = { cluster: 'default', resource: 'serviceaddresses.internal' };

/**
 * For data from before Services claimed their addresses themselves: a reservation, an object of its own, stood for each.
 * Services get their claims, then the reservations go, so that a killed process begins anew. Costs one list where
 * there are none. Call it before anything else writes.
 */
export async function claimsFromReservations(storage: Storage): Promise<void> {
  const { items } = await storage.list(reservations);
  const clusters = new Set(items.map((stored) => parse<{ cluster: string }>(stored).cluster));
  for (const cluster of clusters)
    for (const stored of (await storage.list({ cluster, resource: 'services' })).items)
      if (!stored.index.claims) await claim(storage, stored);
  for (const { key, revision, value } of items) await storage.delete(key, revision, () => value);
}

async function claim(storage: Storage, { key, revision, value, index }: Stored): Promise<void> {
  const service = parse<Service>({ value });
  const build = (resourceVersion: string) =>
    Buffer.from(JSON.stringify({ ...service, metadata: { ...service.metadata, resourceVersion } }));
  const write = (wanted: string[]) =>
    wanted.length > 0 && storage.update(key, revision, build, { ...index, claims: wanted });
  const wanted = claims(service, key.cluster);
  try {
    await write(wanted);
  } catch (error) {
    if (!(error instanceof ClaimsHeld)) throw error;
    // Reservations could be taken over from a write that was very slow: who is first here keeps the value.
    await write(wanted.filter((value) => !error.claims.includes(value)));
  }
}

const parse = <T>({ value }: Pick<Stored, 'value'>) => JSON.parse(Buffer.from(value).toString()) as T;
