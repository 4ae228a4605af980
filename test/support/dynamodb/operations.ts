import type {
  DeleteItemCommandInput,
  GetItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
  TransactWriteItem,
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import type { Ids } from '../../../src/shared/clock/ids.ts';
import { Expression, failure, type Item, named, refuseReserved, validation } from './expressions.ts';
import { checkedKey, Items, sizeOf, textOf } from './items.ts';
import { keyRange } from './keyRange.ts';

const pageBytes = 1_024 * 1_024;
const transactionBytes = 4 * 1_024 * 1_024;
const tokenMs = 600_000;

interface Guard {
  ConditionExpression?: string | undefined;
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Item | undefined;
  ReturnValuesOnConditionCheckFailure?: string | undefined;
}
interface Step extends Guard {
  key: Item;
  /** In the place of a condition. */
  holds?(): boolean;
  apply(): void;
}

/** What each command does to the table: one moment each, but for transactions, which may become visible by and by. */
export class Operations {
  readonly items = new Items();
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #commitMs: () => number;
  /** Items of transactions that are being committed. */
  readonly #locked = new Set<string>();
  readonly #tokens = new Map<string, { at: number; items: TransactWriteItem[]; under: boolean }>();

  constructor(clock: Clock, ids: Ids, commitMs: () => number) {
    this.#clock = clock;
    this.#ids = ids;
    this.#commitMs = commitMs;
  }

  async perform(kind: string, input: never): Promise<unknown> {
    switch (kind) {
      case 'GetItem':
        return this.#get(input);
      case 'Query':
        return this.#query(input);
      case 'PutItem':
        return this.#single(this.#putStep(input));
      case 'DeleteItem':
        return this.#single(this.#deleteStep(input));
      case 'UpdateItem':
        return this.#update(input);
      case 'TransactWriteItems':
        return this.#transact(input);
      default:
        throw failure('UnknownOperationException', kind);
    }
  }

  conflict({ TransactItems = [] }: TransactWriteItemsCommandInput): Error {
    return cancelled(TransactItems.map((_, i) => ({ Code: i === 0 ? 'TransactionConflict' : 'None' })));
  }

  #get({ Key, ConsistentRead }: GetItemCommandInput) {
    if (!ConsistentRead) throw validation('the simulator has consistent reads only');
    const Item = this.items.get(Key as Item);
    return Item ? { Item: Item } : {};
  }

  #query(input: QueryCommandInput) {
    const { KeyConditionExpression, ExpressionAttributeValues, ExclusiveStartKey, ScanIndexForward, Limit } =
      input;
    if (!input.ConsistentRead) throw validation('the simulator has consistent reads only');
    const values = ExpressionAttributeValues as Item;
    for (const [name, { S = '' }] of Object.entries(values)) checkedKey(name === ':pk' ? 'pk' : 'sk', S);
    const start = ExclusiveStartKey && textOf(ExclusiveStartKey as Item, 'sk');
    const Items: Item[] = [];
    let size = 0;
    let last: Item | undefined;
    const range = keyRange(KeyConditionExpression!, values);
    for (const item of this.items.within(range, ScanIndexForward === false, start)) {
      if (last) return { Items, LastEvaluatedKey: last };
      Items.push(item);
      size += sizeOf(item);
      if (size >= pageBytes || Items.length === Limit) last = { pk: item.pk!, sk: item.sk! };
    }
    // AWS answers a last key after exactly Limit items even when none follow.
    return last ? { Items, LastEvaluatedKey: last } : { Items };
  }

  #update(input: UpdateItemCommandInput) {
    const key = input.Key as Item;
    const { after, holds } = this.#updated(input);
    this.#refuseLocked(key);
    if (!holds) throw conditionFailed();
    this.items.put({ ...after, ...key });
    return input.ReturnValues === 'ALL_NEW' ? { Attributes: after } : {};
  }

  #updated({
    Key,
    UpdateExpression,
    ...input
  }: Pick<UpdateItemCommandInput, 'Key' | 'UpdateExpression'> & Guard) {
    const key = Key as Item;
    const before = this.items.get(key);
    const values = input.ExpressionAttributeValues as Item;
    refuseReserved(UpdateExpression!);
    const update = new Expression(UpdateExpression!, values, before ?? key);
    const after = update.update();
    refuseReserved(input.ConditionExpression ?? '');
    const condition = new Expression(input.ConditionExpression ?? '', values, before);
    const holds = input.ConditionExpression === undefined || condition.condition();
    for (const name of Object.keys(values))
      if (!update.used.has(name) && !condition.used.has(name)) throw validation(`unused value ${name}`);
    return { after, holds };
  }

  #single(step: Step) {
    this.#refuseLocked(step.key);
    if (!this.#holds(step)) throw conditionFailed();
    step.apply();
    return {};
  }

  async #transact(input: TransactWriteItemsCommandInput) {
    const { TransactItems = [], ClientRequestToken } = input;
    const steps = TransactItems.map((item) => this.#step(item));
    this.#checkTransaction(steps, TransactItems);
    if (ClientRequestToken) {
      const known = this.#tokens.get(ClientRequestToken);
      if (known && this.#clock.now() - known.at < tokenMs) {
        if (fingerprint(known.items) !== fingerprint(TransactItems))
          throw failure('IdempotentParameterMismatchException', '');
        if (known.under) throw failure('TransactionInProgressException', 'the same token is under way');
        return {};
      }
    }
    const names = steps.map(({ key }) => nameOf(key));
    const reasons = steps.map((step, i) => {
      if (this.#locked.has(names[i]!)) return { Code: 'TransactionConflict' };
      if (this.#holds(step)) return { Code: 'None' };
      const old = step.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && this.items.get(step.key);
      return { Code: 'ConditionalCheckFailed', ...(old && { Item: old }) };
    });
    if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
    const token = { at: this.#clock.now(), items: TransactItems, under: true };
    if (ClientRequestToken) this.#tokens.set(ClientRequestToken, token);
    await this.#commit(steps, names);
    token.under = false;
    return {};
  }

  async #commit(steps: Step[], names: string[]): Promise<void> {
    const longest = this.#commitMs();
    if (!longest) {
      for (const { apply } of steps) apply();
      return;
    }
    for (const name of names) this.#locked.add(name);
    await Promise.all(
      steps.map(async ({ apply }) => {
        await this.#clock.sleep(Math.floor(this.#ids.random() * longest));
        apply();
      }),
    );
    for (const name of names) this.#locked.delete(name);
  }

  #checkTransaction(steps: Step[], items: TransactWriteItem[]): void {
    if (!steps.length || steps.length > 100) throw validation(`${steps.length} items in a transaction`);
    if (new Set(steps.map(({ key }) => nameOf(key))).size < steps.length)
      throw validation('Transaction request cannot include multiple operations on one item');
    const size = items.reduce((sum, { Put }) => sum + (Put ? sizeOf(Put.Item as Item) : 0), 0);
    if (size > transactionBytes) throw validation('Transaction exceeds 4 MB');
  }

  #step({ Put, Delete, Update, ConditionCheck }: TransactWriteItem): Step {
    if (ConditionCheck) return { ...ConditionCheck, key: ConditionCheck.Key as Item, apply: () => {} };
    if (Update) return this.#updateStep(Update);
    return Put ? this.#putStep(Put) : this.#deleteStep(Delete!);
  }

  #updateStep(update: NonNullable<TransactWriteItem['Update']>): Step {
    const key = update.Key as Item;
    const { after } = this.#updated(update);
    // Nobody changes it before it is applied: it is locked.
    return {
      key,
      holds: () => this.#updated(update).holds,
      apply: () => this.items.put({ ...after, ...key }),
    };
  }

  #putStep({ Item: item, ...guard }: Guard & Pick<PutItemCommandInput, 'Item'>): Step {
    const whole = item as Item;
    return { ...guard, key: { pk: whole.pk!, sk: whole.sk! }, apply: () => this.items.put(whole) };
  }

  #deleteStep({ Key, ...guard }: Guard & Pick<DeleteItemCommandInput, 'Key'>): Step {
    return { ...guard, key: Key as Item, apply: () => this.items.delete(Key as Item) };
  }

  #holds({ key, holds, ConditionExpression, ExpressionAttributeNames, ...step }: Step): boolean {
    if (holds) return holds();
    if (ConditionExpression === undefined) return true;
    const text = named(ConditionExpression, ExpressionAttributeNames);
    return new Expression(text, step.ExpressionAttributeValues, this.items.get(key)).condition();
  }

  #refuseLocked(key: Item): void {
    if (this.#locked.has(nameOf(key)))
      throw failure('TransactionConflictException', 'Transaction is ongoing');
  }
}

const nameOf = (key: Item) => `${textOf(key, 'pk')}\0${textOf(key, 'sk')}`;
const fingerprint = (items: TransactWriteItem[]) => JSON.stringify(items);
const conditionFailed = () => failure('ConditionalCheckFailedException', 'The conditional request failed');
const cancelled = (reasons: { Code: string }[]) =>
  failure('TransactionCanceledException', 'Transaction cancelled', { CancellationReasons: reasons });
