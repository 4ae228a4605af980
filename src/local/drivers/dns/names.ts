import type { NameRecord, NameService, ServiceRef } from '../../../shared/ports/cloud.ts';
import { refKey } from '../refKey.ts';
import { reverseName } from './reverse.ts';

/** Describes what a zone says of a name: nothing of the kind, or that there is no such name at all. */
export interface Found {
  exists: boolean;
  values: string[];
}

/** Looks names up, in lower case and relative to the zone. */
export interface Zone {
  find(name: string, type: NameRecord['type']): Found;
  /** Names of the zone with this address, by its name in `in-addr.arpa` or `ip6.arpa`. */
  reverse(name: string): string[];
}

/** The names of the Services of every logical cluster, in memory: controllers publish them anew at each start. */
export class ClusterNames implements NameService {
  readonly leadsToClusterIPs = true;
  /** By refKey(). */
  readonly #published = new Map<string, { ref: ServiceRef; records: NameRecord[] }>();
  readonly #zones = new Map<string, MemoryZone>();

  /** Says how many publications changed something. */
  writes = 0;

  async publish(ref: ServiceRef, records: NameRecord[]): Promise<boolean> {
    const before = this.#published.get(refKey(ref));
    if (textOf(before?.records ?? []) === textOf(records)) return false;
    this.writes++;
    await this.withdraw(ref);
    if (!records.length) return false;
    this.#published.set(refKey(ref), { ref, records });
    this.#zoneOf(ref.cluster).add(records);
    return !before;
  }

  async withdraw(ref: ServiceRef): Promise<void> {
    const before = this.#published.get(refKey(ref));
    if (!before) return;
    this.#published.delete(refKey(ref));
    this.#zoneOf(before.ref.cluster).remove(before.records);
  }

  async list(): Promise<ServiceRef[]> {
    return [...this.#published.values()].map(({ ref }) => ref);
  }

  zone(cluster: string): Zone {
    return this.#zones.get(cluster) ?? new MemoryZone();
  }

  #zoneOf(cluster: string): MemoryZone {
    const known = this.#zones.get(cluster) ?? new MemoryZone();
    this.#zones.set(cluster, known);
    return known;
  }
}

const textOf = (records: NameRecord[]) =>
  records
    .map(({ name, type, values }) => `${name} ${type} ${[...values].sort().join(',')}`)
    .sort()
    .join('\n');

class MemoryZone implements Zone {
  /** By name; of a Service that was made anew there may be two for a moment. */
  readonly #records = new Map<string, NameRecord[]>();
  /** Names that exist because there are names below them, with how many. */
  readonly #above = new Map<string, number>();
  readonly #reverse = new Map<string, string[]>();

  find(name: string, type: NameRecord['type']): Found {
    const records = this.#records.get(name);
    if (!records) return { exists: this.#above.has(name), values: [] };
    const values = records.filter((record) => record.type === type).flatMap((record) => record.values);
    return { exists: true, values: [...new Set(values)] };
  }

  reverse(name: string): string[] {
    const names = [...new Set(this.#reverse.get(name))];
    // A Pod's own name, where it has one, and not that of all Pods of the Service.
    const depth = Math.max(0, ...names.map(depthOf));
    return names.filter((each) => depthOf(each) === depth);
  }

  add(records: NameRecord[]): void {
    for (const record of records) {
      append(this.#records, record.name, record);
      for (const above of abovesOf(record.name)) this.#above.set(above, (this.#above.get(above) ?? 0) + 1);
      for (const key of reversesOf(record)) append(this.#reverse, key, record.name);
    }
  }

  remove(records: NameRecord[]): void {
    for (const record of records) {
      takeOut(this.#records, record.name, record);
      for (const above of abovesOf(record.name)) {
        const left = this.#above.get(above)! - 1;
        if (left) this.#above.set(above, left);
        else this.#above.delete(above);
      }
      for (const key of reversesOf(record)) takeOut(this.#reverse, key, record.name);
    }
  }
}

const depthOf = (name: string) => name.split('.').length;

const abovesOf = (name: string): string[] => {
  const labels = name.split('.');
  return labels.slice(1).map((_, i) => labels.slice(i + 1).join('.'));
};

const reversesOf = ({ type, values }: NameRecord): string[] =>
  type === 'A' || type === 'AAAA' ? values.map(reverseName) : [];

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const present = map.get(key);
  if (present) present.push(value);
  else map.set(key, [value]);
}

function takeOut<T>(map: Map<string, T[]>, key: string, value: T): void {
  const present = map.get(key) ?? [];
  const at = present.indexOf(value);
  if (at >= 0) present.splice(at, 1);
  if (!present.length) map.delete(key);
}
