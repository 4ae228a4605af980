import {
  DeleteItemCommand,
  type DeleteItemCommandInput,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import type { Key, Stored } from '../../../shared/ports/storage.ts';
import { isTooLong, itemOf, spaceOf } from '../../../shared/storage/log/keys.ts';
import { firstRevision } from '../../../shared/storage/log/revision.ts';
import { type BlobOwner, chunkPlaces, decodeBlob } from './blob.ts';
import { counterPlace, type Item, logPlace, numberOf, objectPlace, type Place, textOf } from './layout.ts';
import { decodeEntry, decodeObject, type Entry, isGone } from './records.ts';
import * as requests from './requests.ts';
import { type DynamoClient, isConditionFailed, persist, type SenderOptions } from './sender.ts';

export interface Counter {
  /** The newest reserved revision. */
  revision: number;
  /** Says when it was reserved, and when the one before was (0: never). Milliseconds. */
  touched: number;
  previously: number;
  /** Says when the first one was. */
  born: number;
  /** Forks of the logical cluster show what was reserved up to here; 0: none does. */
  forked: number;
  /** Names whoever forked it last; empty: nobody. */
  forkedBy: string;
  /** Names the fork that began here; empty: it is none, or has nothing of this resource. */
  fork: string;
  /** A drop of the cluster will find the resource. */
  isListed: boolean;
  /** Up to here everything is gone, or was the base's. */
  empty: number;
}

/** A page of a Query; `next` when there is more. */
export interface QueryPage {
  items: Item[];
  next?: Item;
}

/** The table as the driver's own verbs: each sends what requests.ts builds, again while it may pass. */
export class Table {
  readonly name: string;
  readonly #client: DynamoClient;
  readonly #sender: SenderOptions;

  constructor(client: DynamoClient, name: string, sender: SenderOptions) {
    this.#client = client;
    this.name = name;
    this.#sender = sender;
  }

  get clock(): Clock {
    return this.#sender.clock;
  }

  get ids(): Ids {
    return this.#sender.ids;
  }

  async get(place: Place): Promise<Item | undefined> {
    // DynamoDB refuses keys over 1,024 bytes.
    if (isTooLong(place.sk)) return undefined;
    const request = requests.getRequest(this.name, place);
    return (await persist(this.#sender, () => this.#client.send(new GetItemCommand(request)))).Item;
  }

  /** One page: at most 1 MB and `range.limit` items. */
  async page(range: requests.Range, start?: Item): Promise<QueryPage> {
    if (isTooLong(range.prefix ?? '')) return { items: [] };
    const request = requests.queryRequest(this.name, range, start);
    const answer = await persist(this.#sender, () => this.#client.send(new QueryCommand(request)));
    return { items: answer.Items ?? [], ...(answer.LastEvaluatedKey && { next: answer.LastEvaluatedKey }) };
  }

  async all(range: requests.Range): Promise<Item[]> {
    const items: Item[] = [];
    let start: Item | undefined;
    do {
      const page = await this.page(range, start);
      items.push(...page.items);
      start = page.next;
    } while (start);
    return items;
  }

  /** False when somebody wrote the place before. */
  putNew(item: Item): Promise<boolean> {
    return this.#putIf(requests.putNewRequest(this.name, item));
  }

  /** False when the condition does not hold. */
  async #putIf(request: PutItemCommandInput): Promise<boolean> {
    try {
      await persist(this.#sender, () => this.#client.send(new PutItemCommand(request)));
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  }

  async put(item: Item): Promise<void> {
    const request = requests.putRequest(this.name, item);
    await persist(this.#sender, () => this.#client.send(new PutItemCommand(request)));
  }

  async delete(place: Place): Promise<void> {
    const request = requests.deleteRequest(this.name, place);
    await persist(this.#sender, () => this.#client.send(new DeleteItemCommand(request)));
  }

  /** Takes a claim away from its holder, and says so with `freed`; false when somebody else holds it. */
  release(claim: Item, freed: Item): Promise<boolean> {
    return this.#putIf(requests.releaseRequest(this.name, claim, freed));
  }

  /** Deletes nothing when the condition does not hold. */
  async deleteIf(request: DeleteItemCommandInput): Promise<void> {
    try {
      await persist(this.#sender, () => this.#client.send(new DeleteItemCommand(request)));
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  }

  /** What the item is then, if that is asked for; undefined when the condition does not hold. */
  async update(request: UpdateItemCommandInput): Promise<Item | undefined> {
    try {
      const answer = await persist(this.#sender, () => this.#client.send(new UpdateItemCommand(request)));
      return answer.Attributes ?? {};
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  }

  /** Takes the next revision; `make` asks otherwise for it than a write does. */
  async reserve(space: string, make = requests.reserveRequest): Promise<Counter> {
    const request = () => make(this.name, space, this.clock.now());
    const answer = await persist(this.#sender, () => this.#client.send(new UpdateItemCommand(request())));
    return counterOf(answer.Attributes!);
  }

  /** Puts a number where that or a higher one is not yet; false when it is. */
  raise(place: Place, attribute: string, value: number): Promise<boolean> {
    return this.#putIf(requests.raiseRequest(this.name, place, attribute, value));
  }

  /** False when others went on from it. */
  async giveBack(space: string, revision: number): Promise<boolean> {
    const request = requests.giveBackRequest(this.name, space, revision);
    try {
      // Not tried again: after a lost answer it might take back another writer's revision.
      await this.#client.send(new UpdateItemCommand(request));
      return true;
    } catch {
      return false;
    }
  }

  async counter(space: string): Promise<Counter> {
    const item = await this.get(counterPlace(space));
    return counterOf(item ?? {});
  }

  /** The same transaction again while its outcome is unknown: the token makes it happen once. */
  async transact(write: requests.Write, alive: () => boolean): Promise<void> {
    await this.transactAll(requests.writeRequest(this.name, write, this.ids.uid()), alive);
  }

  /** With a token of its own. */
  async transactAll(request: TransactWriteItemsCommandInput, alive?: () => boolean): Promise<void> {
    await persist(this.#sender, () => this.#client.send(new TransactWriteItemsCommand(request)), alive);
  }

  /** One read; more only for an object too long for one item. `deleted`: a mark tells of it; undefined: nothing is there. */
  async state(key: Key): Promise<Stored | 'deleted' | undefined> {
    const space = spaceOf(key);
    for (;;) {
      const item = await this.get(objectPlace(space, itemOf(key)));
      if (!item) return undefined;
      if (isGone(item)) return 'deleted';
      const object = await this.withValue(space, item);
      // Its chunks are gone: it was replaced between the two reads.
      if (object) return object;
    }
  }

  /** The object that stands in its own place. */
  async object(key: Key): Promise<Stored | undefined> {
    const state = await this.state(key);
    return state === 'deleted' ? undefined : state;
  }

  /** The object in an item; undefined when its chunks are gone, because it was replaced since. */
  async withValue(space: string, item: Item): Promise<Stored | undefined> {
    const value = await this.#blob({ space, of: 'o', revision: numberOf(item, 'revision') }, item);
    return value && decodeObject(space, item, value);
  }

  /** Entries from `from` on (inclusive) that are there, in order. */
  async entries(space: string, from: number, to?: number): Promise<Entry[]> {
    const { pk, sk } = logPlace(space, from);
    const items = await this.all({
      pk,
      from: sk,
      ...(to !== undefined && { to: logPlace(space, to).sk }),
    });
    const entries = await Promise.all(items.map((item) => this.entry(space, item)));
    return entries.filter((entry) => entry !== undefined);
  }

  async entry(space: string, item: Item): Promise<Entry | undefined> {
    const revision = Number(item.sk?.S);
    const body = await this.#blob({ space, of: 'l', revision }, item);
    return body && decodeEntry(space, item, body);
  }

  async #blob(owner: BlobOwner, item: Item): Promise<Uint8Array | undefined> {
    const places = chunkPlaces(owner, item);
    if (!places.length) return decodeBlob(item, []);
    const chunks = await this.all({ pk: places[0]!.pk });
    return chunks.length === places.length ? decodeBlob(item, chunks) : undefined;
  }
}

/** What a counter's item says; `{}`: nothing was ever reserved. */
export const counterOf = (item: Item): Counter => ({
  revision: requests.revisionOf(numberOf(item, 'reserved') || 0),
  touched: numberOf(item, 'touched') || 0,
  previously: numberOf(item, 'previously') || 0,
  born: numberOf(item, 'born') || 0,
  forked: numberOf(item, 'forked') ? requests.revisionOf(numberOf(item, 'forked')) : 0,
  forkedBy: textOf(item, 'forkedBy'),
  fork: textOf(item, 'fork'),
  isListed: item.listed !== undefined,
  empty: numberOf(item, 'emptied') ? requests.revisionOf(numberOf(item, 'emptied')) : firstRevision,
});
