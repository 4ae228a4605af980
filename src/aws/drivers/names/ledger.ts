import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { ServiceRef } from '../../../shared/ports/cloud.ts';

/** Names a Service, whichever of that name. */
export type ServiceName = Pick<ServiceRef, 'cluster' | 'namespace' | 'name'>;

/** Describes what is known of a Service's records. */
export interface Entry {
  uid: string;
  /** As they are in the zone. Absent: a change was begun, and only the zone tells what there is. */
  sets?: ResourceRecordSet[];
}

/** An entry as it was read. */
export interface Kept extends Entry {
  /** Changes with every write. */
  version: string;
}

/**
 * Remembers what was written to the zone, so that nobody has to read it: Route 53 takes five requests a second of a whole
 * account.
 */
export interface Ledger {
  /** Strongly consistent. */
  read(service: ServiceName): Promise<Kept | undefined>;
  /** Every Service with an entry. */
  all(): Promise<{ ref: ServiceRef; kept: Kept }[]>;
  /** Writes over `before`, none where that is absent. Undefined when somebody else has written meanwhile. */
  write(service: ServiceName, entry: Entry, before: Kept | undefined): Promise<Kept | undefined>;
  /** False when somebody else has written meanwhile. */
  erase(service: ServiceName, before: Kept): Promise<boolean>;
}

/** A ledger of one process. */
export function memoryLedger(): Ledger {
  const entries = new Map<string, { ref: ServiceRef; kept: Kept }>();
  let versions = 0;
  const nameOf = ({ cluster, namespace, name }: ServiceName) => `${cluster}/${namespace}/${name}`;
  const isStill = (service: ServiceName, before: Kept | undefined) =>
    entries.get(nameOf(service))?.kept.version === before?.version;
  return {
    read: async (service) => entries.get(nameOf(service))?.kept,
    all: async () => [...entries.values()],
    async write(service, entry, before) {
      if (!isStill(service, before)) return undefined;
      const { cluster, namespace, name } = service;
      const kept = { ...entry, version: String(++versions) };
      entries.set(nameOf(service), { ref: { cluster, namespace, name, uid: entry.uid }, kept });
      return kept;
    },
    erase: async (service, before) => isStill(service, before) && entries.delete(nameOf(service)),
  };
}
