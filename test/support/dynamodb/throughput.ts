import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import { Allowance, type Rate } from '../aws/allowance.ts';
import { failure, type Item } from './expressions.ts';
import { sizeOf } from './items.ts';

/**
 * What DynamoDB documents of a table on demand: a partition gives 3,000 units of reads and 1,000 of writes a second, so
 * does a key alone; a new table 12,000 and 4,000
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html).
 */
const ofKey = { reads: 3_000, writes: 1_000 };
const ofTable = { reads: 12_000, writes: 4_000 };
const aSecond = (units: number): Rate => ({ burst: units, perSecond: units });

/** Units of reads and writes. */
export interface Units {
  reads: number;
  writes: number;
}

export interface Asked {
  kind: string;
  input: {
    Key?: Item;
    Item?: Item;
    ExpressionAttributeValues?: Item;
    TransactItems?: TransactWriteItem[];
  };
}

/** One write of a request: the item that it puts, or the key of the one that it changes, takes away or checks. */
type Write = { Item?: Item; Key?: Item };

/** Keeps a table within its limits: refuses what is over them, and counts. */
export class Throughput {
  /** Requests that were refused. */
  throttled = 0;
  /** The most that one key gave in one second. */
  busiest: Units = { reads: 0, writes: 0 };
  readonly #clock: Clock;
  readonly #sizeNow: (key: Item) => number;
  readonly #allowances = new Map<string, Allowance>();
  readonly #seconds = new Map<string, { second: number } & Units>();

  /** `sizeNow`: of the item that stands there; 0: there is none. */
  constructor(clock: Clock, sizeNow: (key: Item) => number) {
    this.#clock = clock;
    this.#sizeNow = sizeNow;
  }

  /** Throws what DynamoDB answers a request that comes while nothing is left of a key or of the table. */
  admit({ kind, input }: Asked): void {
    const what = isRead(kind) ? 'reads' : 'writes';
    const keys = isRead(kind) ? [readKey(input)] : writesOf(input).map(keyOf);
    const isOver = (key: string) => this.#allowance(what, key).left <= 0;
    if (!isOver('') && !keys.some(isOver)) return;
    this.throttled++;
    if (kind !== 'TransactWriteItems') throw failure('ThrottlingException', 'Throughput exceeds the limit');
    const CancellationReasons = keys.map((key) => ({ Code: isOver(key) ? 'ThrottlingError' : 'None' }));
    throw failure('TransactionCanceledException', 'Transaction cancelled', { CancellationReasons });
  }

  /** Takes what a read has cost. */
  tookReads({ input }: Asked, units: number): void {
    this.#take('reads', readKey(input), units);
  }

  /** Takes what a write costs, whether it is done or its condition fails. */
  tookWrites({ kind, input }: Asked): void {
    const each = kind === 'TransactWriteItems' ? 2 : 1;
    for (const write of writesOf(input)) {
      const size = Math.max(write.Item ? sizeOf(write.Item) : 0, write.Key ? this.#sizeNow(write.Key) : 0);
      this.#take('writes', keyOf(write), each * Math.max(1, Math.ceil(size / 1_024)));
    }
  }

  #take(what: keyof Units, key: string, units: number): void {
    for (const place of ['', key]) this.#allowance(what, place).take(units);
    const second = Math.floor(this.#clock.now() / 1_000);
    const known = this.#seconds.get(key);
    const count = known?.second === second ? known : { second, reads: 0, writes: 0 };
    this.#seconds.set(key, count);
    count[what] += units;
    this.busiest[what] = Math.max(this.busiest[what], count[what]);
  }

  /** Of a key, or of the whole table where that is empty. */
  #allowance(what: keyof Units, key: string): Allowance {
    const name = `${what} ${key}`;
    const known = this.#allowances.get(name);
    if (known) return known;
    const made = new Allowance(this.#clock, aSecond((key ? ofKey : ofTable)[what]));
    this.#allowances.set(name, made);
    return made;
  }
}

export const isRead = (kind: string): boolean => kind === 'GetItem' || kind === 'Query';

const readKey = ({ Key, ExpressionAttributeValues }: Asked['input']): string =>
  Key?.pk?.S ?? ExpressionAttributeValues?.[':pk']?.S ?? '';

const keyOf = ({ Item, Key }: Write): string => (Item ?? Key)?.pk?.S ?? '';

function writesOf({ TransactItems, ...input }: Asked['input']): Write[] {
  if (!TransactItems) return [input];
  return TransactItems.map(
    ({ Put, Delete, Update, ConditionCheck }) => (Put ?? Delete ?? Update ?? ConditionCheck) as Write,
  );
}
