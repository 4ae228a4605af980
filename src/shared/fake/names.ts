import type { NameRecord, NameService, ServiceRef } from '../ports/cloud.ts';

/** A zone in memory. */
export class FakeNames implements NameService {
  /** One line for each call that changed something. */
  readonly writes: string[] = [];
  readonly #services = new Map<string, { ref: ServiceRef; records: NameRecord[] }>();
  #failures: Error[] = [];

  async publish(ref: ServiceRef, records: NameRecord[]): Promise<boolean> {
    this.#failIfAsked();
    const known = this.#services.get(pathOf(ref));
    if (known?.ref.uid === ref.uid && same(known.records, records)) return false;
    if (!known && records.length === 0) return false;
    this.writes.push(`publish ${pathOf(ref)}`);
    if (records.length > 0) this.#services.set(pathOf(ref), { ref, records });
    else this.#services.delete(pathOf(ref));
    return !known && records.length > 0;
  }

  async withdraw(ref: ServiceRef): Promise<void> {
    this.#failIfAsked();
    if (this.#services.get(pathOf(ref))?.ref.uid !== ref.uid) return;
    this.writes.push(`withdraw ${pathOf(ref)}`);
    this.#services.delete(pathOf(ref));
  }

  async list(): Promise<ServiceRef[]> {
    return [...this.#services.values()].map(({ ref }) => ref);
  }

  /** Returns what the cluster's Pods get as an answer. */
  resolve(cluster: string, name: string, type: NameRecord['type']): string[] {
    const records = [...this.#services.values()].flatMap((s) => (s.ref.cluster === cluster ? s.records : []));
    return [...(records.find((r) => r.name === name && r.type === type)?.values ?? [])].sort();
  }

  /** The next call fails. */
  failNext(error: Error): void {
    this.#failures.push(error);
  }

  #failIfAsked(): void {
    const failure = this.#failures.shift();
    if (failure) throw failure;
  }
}

const pathOf = ({ cluster, namespace, name }: ServiceRef) => `${cluster}/${namespace}/${name}`;
const lines = (records: NameRecord[]) =>
  records.map(({ name, type, values }) => `${name} ${type} ${[...values].sort().join()}`).sort();
const same = (a: NameRecord[], b: NameRecord[]) => lines(a).join('\n') === lines(b).join('\n');
