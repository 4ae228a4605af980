import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { logPrefix } from '../../../src/aws/drivers/dynamodb/streamRecords.ts';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import { fnv1a } from '../../../src/shared/meta/fnv1a.ts';
import type { Item } from '../dynamodb/expressions.ts';
import type { Items } from '../dynamodb/items.ts';
import type { Delivery } from './simulatedQueue.ts';
import { some } from './some.ts';

interface Offered {
  record: DynamoDBRecord;
  shard: number;
  at: number;
}

/** A table on demand begins with four partitions, each with a shard of the stream. */
const shards = 4;

/** How soon a batch comes again that was not acknowledged. */
const againMs = 200;

/** The table's stream, of log entries only, as the mapping filters it: late, in no order, some twice, some never. */
export class SimulatedStream {
  delivery: Delivery = { drop: 0, duplicate: 0, lateMs: 0 };
  /** How often each shard is looked into; 0: records come as soon as they are there, whatever their shard. */
  pollMs = 0;
  /** Every log entry, in the order in which they were written. */
  readonly log: Item[] = [];
  #offered: Offered[] = [];
  readonly #clock: Clock;
  readonly #random: () => number;

  /** `written` gets each log entry at the moment of its writing. */
  constructor(items: Items, clock: Clock, random: () => number, written: (item: Item) => void) {
    this.#clock = clock;
    this.#random = random;
    const put = items.put.bind(items);
    items.put = (item) => {
      put(item);
      if (!item.pk?.S?.startsWith(logPrefix)) return;
      this.#written(item);
      written(item);
    };
  }

  /** Up to `most` of those that are due, which somebody else will not get meanwhile. */
  take(most: number): DynamoDBStreamEvent {
    const now = this.#clock.now();
    const offered = this.#offered.filter(({ at }) => at <= now);
    const due = this.pollMs
      ? offered.filter(({ shard }) => shard === offered[0]?.shard).slice(0, most)
      : some(offered, most, this.#random);
    const taken = new Set(due);
    this.#offered = this.#offered.filter((each) => !taken.has(each));
    return { Records: due.map(({ record }) => record) };
  }

  /** Offers again what was not acknowledged: everything from the first failure on. Without an answer, all of it. */
  settle({ Records }: DynamoDBStreamEvent, answer?: DynamoDBBatchResponse): void {
    const failed = answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    const first = failed
      ? Records.findIndex(({ dynamodb }) => failed.includes(dynamodb?.SequenceNumber ?? ''))
      : 0;
    if (first < 0) return;
    const at = this.#clock.now() + againMs;
    for (const record of Records.slice(first)) this.#offered.push({ record, at, shard: shardOf(record) });
  }

  get nextAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { at } of this.#offered) next = Math.min(next, at);
    return next;
  }

  #written(item: Item): void {
    const { drop, duplicate, lateMs } = this.delivery;
    const SequenceNumber = String(this.log.push(item));
    const record = recordOf(item, SequenceNumber);
    const offer = () => {
      if (this.#random() < drop) return;
      const at = this.#clock.now() + Math.floor(this.#random() * lateMs);
      const shard = shardOf(record);
      this.#offered.push({ record, shard, at: this.pollMs ? nextPoll(at, shard, this.pollMs) : at });
    };
    offer();
    if (this.#random() < duplicate) offer();
  }
}

/** The entries of one log are in one shard. */
const shardOf = ({ dynamodb }: DynamoDBRecord): number => fnv1a(dynamodb?.Keys?.pk?.S ?? '') % shards;

/** Shards are looked into by turns. */
function nextPoll(at: number, shard: number, everyMs: number): number {
  const phase = Math.floor((shard * everyMs) / shards);
  return Math.ceil((at - phase) / everyMs) * everyMs + phase;
}

/** As Lambda hands it over: bytes are base64. */
const recordOf = (item: Item, SequenceNumber: string): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber,
    Keys: { pk: item.pk, sk: item.sk } as NonNullable<DynamoDBRecord['dynamodb']>['Keys'],
    NewImage: Object.fromEntries(
      Object.entries(item).map(([name, value]) => [
        name,
        value.B ? { B: Buffer.from(value.B).toString('base64') } : value,
      ]),
    ) as NonNullable<DynamoDBRecord['dynamodb']>['NewImage'],
  },
});
