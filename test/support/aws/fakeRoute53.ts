import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';

const failure = (name: string, message = name) =>
  Object.assign(new Error(message), { name, $fault: 'client' });
/** `local.cluster.web.`: the dot at the end puts `web-1` before `web`. */
const reversed = (name = '') => `${name.replace(/\.$/, '').split('.').reverse().join('.')}.`;
const orderOf = ({ Name, Type }: ResourceRecordSet) => `${reversed(Name)} ${Type}`;
const valuesOf = (set: ResourceRecordSet) =>
  JSON.stringify([set.TTL, (set.ResourceRecords ?? []).map(({ Value }) => Value).sort()]);

/** One hosted zone, with Route 53's order, pages, limits and all-or-nothing batches. */
export class FakeRoute53 {
  readonly calls: string[] = [];
  readonly batches: Change[][] = [];
  #sets = new Map<string, ResourceRecordSet>();
  readonly #failures: Error[] = [];

  readonly client = {
    send: async (command: { constructor: { name: string }; input: object }): Promise<never> => {
      const name = command.constructor.name.replace(/Command$/, '');
      this.calls.push(name);
      const error = this.#failures.shift();
      if (error) throw error;
      const input = command.input as Input;
      return structuredClone(
        name === 'ListResourceRecordSets' ? this.#list(input) : this.#change(input),
      ) as never;
    },
  };

  /** The next request fails. */
  failNext(code: string): void {
    this.#failures.push(failure(code));
  }

  /** Values of `name` in the zone. */
  resolve(name: string, type: string): string[] {
    const set = this.#sets.get(`${reversed(`${name}.`)} ${type}`);
    return (set?.ResourceRecords ?? []).map(({ Value = '' }) => Value).sort();
  }

  get size(): number {
    return this.#sets.size;
  }

  put(set: ResourceRecordSet): void {
    this.#sets.set(orderOf(set), set);
  }

  #list({ StartRecordName, StartRecordType = '', MaxItems = 300 }: Input) {
    const from = StartRecordName ? `${reversed(StartRecordName)} ${StartRecordType}` : '';
    const all = [...this.#sets.values()]
      .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
      .filter((set) => orderOf(set) >= from);
    const next = all[MaxItems];
    return {
      ResourceRecordSets: all.slice(0, MaxItems),
      IsTruncated: next !== undefined,
      ...(next && { NextRecordName: next.Name, NextRecordType: next.Type }),
    };
  }

  #change({ ChangeBatch }: Input) {
    const changes = ChangeBatch?.Changes ?? [];
    const weight = changes.reduce(
      (sum, { Action, ResourceRecordSet: set }) =>
        sum + (set?.ResourceRecords?.length ?? 0) * (Action === 'UPSERT' ? 2 : 1),
      0,
    );
    if (weight > 1_000) throw failure('InvalidInput', 'too many values');
    const next = new Map(this.#sets);
    for (const { Action, ResourceRecordSet: set } of changes) {
      const known = next.get(orderOf(set!));
      if (Action === 'DELETE') {
        if (!known || valuesOf(known) !== valuesOf(set!))
          throw failure('InvalidChangeBatch', 'it was not found');
        next.delete(orderOf(set!));
        continue;
      }
      const others = [...next.values()].filter(
        (other) => other.Name === set!.Name && other.Type !== set!.Type,
      );
      if (others.some(({ Type }) => Type === 'CNAME' || set!.Type === 'CNAME'))
        throw failure('InvalidChangeBatch', 'a CNAME stands beside nothing');
      next.set(orderOf(set!), set!);
    }
    this.#sets = next;
    this.batches.push(changes);
    return {};
  }
}

interface Input {
  StartRecordName?: string;
  StartRecordType?: string;
  MaxItems?: number;
  ChangeBatch?: { Changes: Change[] };
}
