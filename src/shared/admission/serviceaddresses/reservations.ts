import type { Clock } from '../../clock/clock.ts';
import { isReason } from '../../errors/apiError.ts';
import type { Key, Storage, Stored } from '../../storage/storage.ts';

/** A cluster IP or node port that a Service holds. */
export interface Reservation {
  /** As text. */
  value: string;
  /** Revision it was read at: a newer one is not released. */
  revision: string;
  service: { namespace: string; name: string };
}

interface Owner {
  cluster: string;
  service: { namespace: string; name: string };
  /** Milliseconds since the epoch. */
  at: number;
}

/**
 * Who holds which address. The key of a reservation is the address, so that creating it is what makes it unique, on
 * every storage. All logical clusters share one machine's ports, hence one set of reservations.
 */
export interface Reservations {
  /** True when it was free, or its Service no longer holds it, and now belongs to the owner. */
  take(value: string, owner: Omit<Owner, 'at'>): Promise<boolean>;
  give(value: string): Promise<void>;
  taken(): Promise<Set<string>>;
  /** Those of a logical cluster, except brand-new ones, whose Service may not be stored yet. */
  list(cluster: string): Promise<Reservation[]>;
  release(cluster: string, reservation: Reservation): Promise<void>;
}

const scope = { cluster: 'default', resource: 'serviceaddresses.internal', namespace: '' };
const keyOf = (name: string): Key => ({ ...scope, name });
/** No write takes longer from its reservation to its Service. */
const graceMs = 30_000;

export function serviceReservations({ storage, clock }: { storage: Storage; clock: Clock }): Reservations {
  const ownerOf = (stored: Stored) => JSON.parse(Buffer.from(stored.value).toString()) as Owner;
  const isYoung = ({ at }: Owner) => clock.now() - at < graceMs;
  const body = (owner: Omit<Owner, 'at'>) => {
    const bytes = Buffer.from(JSON.stringify({ ...owner, at: clock.now() } satisfies Owner));
    return () => bytes;
  };
  const takeOver = async (value: string, owner: Omit<Owner, 'at'>) => {
    const found = await storage.get(keyOf(value));
    if (!found) return false;
    const before = ownerOf(found);
    if (isYoung(before) || (await holds(storage, before, value))) return false;
    await storage.update(found.key, found.revision, body(owner));
    return true;
  };
  return {
    take: async (value, owner) => {
      try {
        await storage.create(keyOf(value), body(owner));
        return true;
      } catch (error) {
        if (!isReason(error, 'AlreadyExists')) throw error;
      }
      return unlessRaced(takeOver(value, owner));
    },
    give: async (value) => {
      const found = await storage.get(keyOf(value));
      if (found) await unlessRaced(storage.delete(found.key, found.revision, () => found.value));
    },
    taken: async () => new Set((await storage.list(scope)).items.map(({ key }) => key.name)),
    list: async (cluster) => {
      const { items } = await storage.list(scope);
      return items.flatMap((stored) => {
        const owner = ownerOf(stored);
        if (owner.cluster !== cluster || isYoung(owner)) return [];
        return [{ value: stored.key.name, revision: stored.revision, service: owner.service }];
      });
    },
    release: async (_cluster, { value, revision }) => {
      const found = await storage.get(keyOf(value));
      if (found?.revision === revision)
        await unlessRaced(storage.delete(found.key, revision, () => found.value));
    },
  };
}

async function unlessRaced(step: Promise<unknown>): Promise<boolean> {
  try {
    return Boolean(await step);
  } catch (error) {
    if (isReason(error, 'Conflict', 'NotFound')) return false;
    throw error;
  }
}

async function holds(storage: Storage, { cluster, service }: Owner, value: string): Promise<boolean> {
  const found = await storage.get({ cluster, resource: 'services', ...service });
  if (!found) return false;
  const { spec } = JSON.parse(Buffer.from(found.value).toString());
  const ports = (spec?.ports ?? []).map(({ nodePort }: { nodePort?: number }) => String(nodePort));
  return [...(spec?.clusterIPs ?? []), ...ports, String(spec?.healthCheckNodePort)].includes(value);
}
