import type {
  DeleteItemCommandInput,
  GetItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
  TransactWriteItem,
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { firstRevision } from '../../../shared/storage/log/revision.ts';
import { freeFor } from './claims.ts';
import { counterPlace, type Item, keyAttributes, number, type Place, text } from './layout.ts';

/** Pure: from what is wanted to what DynamoDB is asked. Every read is consistent. */

export const getRequest = (table: string, place: Place): GetItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(place),
  ConsistentRead: true,
});

export interface Range {
  /** Partition. */
  pk: string;
  /** Only sort keys that begin so. */
  prefix?: string;
  /** Only sort keys from here on (inclusive); not with `prefix`. */
  from?: string;
  /** Only sort keys up to here (inclusive); needs `from`. */
  to?: string;
  descending?: boolean;
  /** Items in one answer. */
  limit?: number;
}

/** `start`: the LastEvaluatedKey of the page before, or any key to go on behind. */
export function queryRequest(table: string, range: Range, start?: Item): QueryCommandInput {
  const { pk, prefix, from, to, descending, limit } = range;
  const values: Item = { ':pk': text(pk) };
  let condition = 'pk = :pk';
  if (prefix !== undefined) {
    condition += ' AND begins_with(sk, :prefix)';
    values[':prefix'] = text(prefix);
  } else if (from !== undefined) {
    condition += to === undefined ? ' AND sk >= :from' : ' AND sk BETWEEN :from AND :to';
    values[':from'] = text(from);
    if (to !== undefined) values[':to'] = text(to);
  }
  return {
    TableName: table,
    KeyConditionExpression: condition,
    ExpressionAttributeValues: values,
    ConsistentRead: true,
    ...(descending && { ScanIndexForward: false }),
    ...(limit && { Limit: limit }),
    ...(start && { ExclusiveStartKey: start }),
  };
}

/** Takes the next revision. `previously` becomes the time of the reservation before. */
export const reserveRequest = (table: string, space: string, now: number): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(counterPlace(space)),
  UpdateExpression:
    'SET previously = if_not_exists(touched, :zero), touched = :now, born = if_not_exists(born, :now) ' +
    'ADD reserved :one',
  ExpressionAttributeValues: { ':zero': number(0), ':now': number(now), ':one': number(1) },
  ReturnValues: 'ALL_NEW',
});

/**
 * A revision that will not be used: given back when it is still the newest, so that no hole stays, and no fork goes by it.
 */
export const giveBackRequest = (table: string, space: string, revision: number): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(counterPlace(space)),
  // Whoever reserved it has listed the resource.
  UpdateExpression: 'SET listed = :one ADD reserved :back',
  ConditionExpression:
    'reserved = :mine AND attribute_not_exists(forked) OR reserved = :mine AND forked < :mine',
  ExpressionAttributeValues: {
    ':one': number(1),
    ':back': number(-1),
    ':mine': number(reservedOf(revision)),
  },
});

/** ADD begins at 0, revisions after `firstRevision`. */
export const revisionOf = (reserved: number): number => reserved + firstRevision;
export const reservedOf = (revision: number): number => revision - firstRevision;

/** Says a number, such as a reserved revision, unless that or a higher one is said already. */
export const raiseRequest = (
  table: string,
  place: Place,
  attribute: string,
  value: number,
): PutItemCommandInput => ({
  TableName: table,
  Item: { ...keyAttributes(place), [attribute]: number(value) },
  ConditionExpression: 'attribute_not_exists(pk) OR #number < :mine',
  // Expressions take no reserved word as a name, and `format` is one.
  ExpressionAttributeNames: { '#number': attribute },
  ExpressionAttributeValues: { ':mine': number(value) },
});

/** Writes what nobody wrote before. */
export const putNewRequest = (table: string, item: Item): PutItemCommandInput => ({
  TableName: table,
  Item: item,
  ConditionExpression: 'attribute_not_exists(pk)',
});

export const putRequest = (table: string, item: Item): PutItemCommandInput => ({
  TableName: table,
  Item: item,
});

export const deleteRequest = (table: string, place: Place): DeleteItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(place),
});

/** Puts the mark of its loss in the place of a claim, unless somebody else holds it by now. */
export const releaseRequest = (table: string, claim: Item, freed: Item): PutItemCommandInput => ({
  TableName: table,
  Item: freed,
  ConditionExpression: 'holder = :holder',
  ExpressionAttributeValues: { ':holder': claim.holder! },
});

/**
 * What a write finds in its object's place: nothing, or a deletion that is older than the write (`free`); the object of a
 * revision; nothing at all, as where a fork has it from its base (`nothing`); or a deletion, any older one or that of a revision.
 */
export type Found = { is: 'free' | 'nothing' | 'deleted' } | { is: 'object' | 'deletion'; revision: number };

export interface Write {
  /** The object's new item, or the mark of its deletion. */
  object: Item;
  space: string;
  /** The revision of the write. */
  revision: number;
  /** When that was reserved, in milliseconds since the epoch. */
  touched: number;
  /** What must be there. */
  found: Found;
  entry: Item;
  /** Claims gained: refused when somebody holds them. */
  claims: Item[];
  put: Item[];
  remove: Place[];
  /** The counter is told with it that the resource is listed. */
  isFirst?: boolean;
}

function conditionOf(
  found: Found,
  mine: number,
): Pick<PutItemCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'> {
  const nothing = 'attribute_not_exists(pk)';
  switch (found.is) {
    case 'nothing':
      return { ConditionExpression: nothing };
    case 'object':
    case 'deletion':
      return {
        ConditionExpression: `${found.is === 'object' ? 'revision' : 'gone'} = :expected`,
        ExpressionAttributeValues: { ':expected': number(found.revision) },
      };
    default:
      return {
        ConditionExpression: `${found.is === 'free' ? `${nothing} OR ` : ''}gone < :mine`,
        ExpressionAttributeValues: { ':mine': number(mine) },
      };
  }
}

const listedRequest = (table: string, space: string): NonNullable<TransactWriteItem['Update']> => ({
  TableName: table,
  Key: keyAttributes(counterPlace(space)),
  UpdateExpression: 'SET listed = :one',
  ExpressionAttributeValues: { ':one': number(1) },
});

/** Of a hundred items, beside the object and its entry. */
const roomFor = 97;

/** Says where the claims begin among the items of a write. */
export const firstClaim = 2;

/** The object, its log entry, its claims, then the rest: all or nothing. */
export function writeRequest(table: string, write: Write, token: string): TransactWriteItemsCommandInput {
  const { object, space, revision, touched, found, entry, claims, put, remove } = write;
  const guarded: NonNullable<TransactWriteItem['Put']> = {
    TableName: table,
    Item: object,
    ...conditionOf(found, revision),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
  const items: TransactWriteItem[] = [
    { Put: guarded },
    { Put: putNewRequest(table, entry) as TransactWriteItem['Put'] },
    ...claims.map((claim) => ({
      Put: {
        TableName: table,
        Item: claim,
        ...freeFor(space, revision, touched),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    })),
    ...put.map((item) => ({ Put: { TableName: table, Item: item } })),
    ...remove.map((place) => ({ Delete: deleteRequest(table, place) as TransactWriteItem['Delete'] })),
    ...(write.isFirst && claims.length + put.length + remove.length < roomFor
      ? [{ Update: listedRequest(table, space) }]
      : []),
  ];
  return { TransactItems: items, ClientRequestToken: token };
}
