import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import type { Ids } from '../../../src/shared/clock/ids.ts';
import type { Item } from './expressions.ts';
import { failure } from './expressions.ts';
import { type Faults, noFaults } from './faults.ts';
import { sizeOf } from './items.ts';
import { Operations } from './operations.ts';
import { Readers } from './readers.ts';
import { type Asked, isRead, Throughput } from './throughput.ts';

export interface SimulatorOptions {
  clock: Clock;
  /** Seeded: the same seed and the same calls give the same history. */
  ids: Ids;
  faults?: Partial<Faults>;
  /** Whether a key and the table give no more in a second than DynamoDB documents. Default false. */
  isLimited?: boolean;
}

type Send = Pick<DynamoDBClient, 'send'>;
interface Answer {
  Item?: Item;
  Items?: Item[];
}
interface Command {
  constructor: { name: string };
  input: unknown;
}

/** One DynamoDB table in memory, whose clients see what AWS may do to them. */
export class Simulator {
  readonly operations: Operations;
  faults: Faults;
  /** How often each command came. */
  readonly requests = new Map<string, number>();
  /** What reads have cost: 4 KB a unit, one at least. */
  readUnits = 0;
  /** The same by reader. */
  readonly readers = new Readers();
  /** What it gives in a second, where that is limited. */
  readonly throughput: Throughput | undefined;
  /** What happens by chance, and whatever its clients need of it. */
  readonly ids: Ids;
  readonly #clock: Clock;

  constructor({ clock, ids, faults, isLimited }: SimulatorOptions) {
    this.#clock = clock;
    this.ids = ids;
    this.faults = { ...noFaults, ...faults };
    this.operations = new Operations(clock, ids, () => this.faults.commitMs);
    const sizeNow = (key: Item) => {
      const item = this.operations.items.get(key);
      return item ? sizeOf(item) : 0;
    };
    if (isLimited) this.throughput = new Throughput(clock, sizeNow);
  }

  /** A process's connection. After `crash` nothing it sent is answered, and what is on its way may still arrive. */
  connect(): { client: Send; crash(): void } {
    let alive = true;
    const never = new Promise<never>(() => {});
    const send = async (command: Command): Promise<unknown> => {
      if (!alive) return never;
      try {
        const answer = await this.#travel(command);
        return alive ? answer : never;
      } catch (error) {
        if (!alive) return never;
        throw error;
      }
    };
    return { client: { send: send as Send['send'] }, crash: () => (alive = false) };
  }

  count(command: string): number {
    return this.requests.get(command) ?? 0;
  }

  get total(): number {
    return [...this.requests.values()].reduce((sum, n) => sum + n, 0);
  }

  async #travel({ constructor: { name }, input }: Command): Promise<unknown> {
    const { throttle, conflict, lose } = this.faults;
    const kind = name.replace(/^_?(.*?)Command$/, '$1');
    this.requests.set(kind, this.count(kind) + 1);
    const perform = () => this.operations.perform(kind, input as never);
    await this.#delay();
    if (this.#chance(throttle)) throw failure('ThrottlingException', 'Rate exceeded');
    const asked = { kind, input: input as Asked['input'] };
    this.throughput?.admit(asked);
    if (kind === 'TransactWriteItems' && this.#chance(conflict))
      throw this.operations.conflict(input as never);
    if (this.#chance(lose)) {
      // Half of them arrive: some at once, some long after the caller has given up and tried again.
      if (this.#chance(0.5)) {
        const late = this.#chance(0.5) ? this.#delay() : Promise.resolve();
        void late.then(perform).catch(() => {});
      }
      await this.#delay();
      throw failure('TimeoutError', 'socket hang up');
    }
    if (!isRead(kind)) this.throughput?.tookWrites(asked);
    const answer = await perform();
    const units = unitsOf(kind, answer as Answer);
    if (units) this.throughput?.tookReads(asked, units);
    this.readUnits += units;
    if (units) this.readers.add(input as object, units);
    await this.#delay();
    return answer;
  }

  #chance(probability: number): boolean {
    return probability > 0 && this.ids.random() < probability;
  }

  async #delay(): Promise<void> {
    const { delayMs, slow, slowMs } = this.faults;
    if (!delayMs) return;
    const longest = this.#chance(slow) ? slowMs : delayMs;
    await this.#clock.sleep(Math.ceil(this.ids.random() * longest));
  }
}

function unitsOf(kind: string, { Item: item, Items: items = item ? [item] : [] }: Answer): number {
  if (!isRead(kind)) return 0;
  return Math.max(1, Math.ceil(items.reduce((sum, each) => sum + sizeOf(each), 0) / 4_096));
}
