import type {
  DeleteItemCommandInput,
  TransactWriteItem,
  TransactWriteItemsCommandInput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import {
  counterPlace,
  forkPlace,
  forksPlace,
  type Item,
  keyAttributes,
  number,
  resourcePlace,
  text,
} from '../layout.ts';
import { putNewRequest, reservedOf } from '../requests.ts';
import { type Fork, type Layers, layersText, type Stage } from './record.ts';

/** Pure: what DynamoDB is asked about forks. Whatever a late maker or dropper sends holds only for what it was sent for. */

const isAt = (id: string, stage: Stage) => ({
  ConditionExpression: 'forkId = :id AND forkStage = :stage',
  ExpressionAttributeValues: { ':id': text(id), ':stage': text(stage) } as Item,
});

/** Has the counter tell every later writer that a fork shows what has been reserved. */
export const freezeRequest = (table: string, space: string, id: string): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(counterPlace(space)),
  UpdateExpression: 'SET forked = if_not_exists(reserved, :zero), forkedBy = :id',
  ExpressionAttributeValues: { ':zero': number(0), ':id': text(id) },
  ReturnValues: 'ALL_NEW',
});

/** Unless another fork has been begun since. */
export const thawRequest = (table: string, space: string, id: string): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(counterPlace(space)),
  UpdateExpression: 'SET forked = :zero, forkedBy = :none',
  ConditionExpression: 'forkedBy = :id',
  ExpressionAttributeValues: { ':zero': number(0), ':none': text(''), ':id': text(id) },
});

/** Records at its base that there is a fork, as long as that is being made. */
export const registerRequest = (
  table: string,
  { cluster, base, id }: Fork,
  token: string,
): TransactWriteItemsCommandInput => ({
  TransactItems: [
    {
      ConditionCheck: { TableName: table, Key: keyAttributes(forkPlace(cluster)), ...isAt(id, 'freezing') },
    },
    { Put: { TableName: table, Item: { ...keyAttributes(forksPlace(base, cluster)), forkId: text(id) } } },
  ],
  ClientRequestToken: token,
});

/** Unless it is another fork's by now. */
export const unregisterRequest = (
  table: string,
  { cluster, base, id }: Pick<Fork, 'cluster' | 'base' | 'id'>,
): DeleteItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(forksPlace(base, cluster)),
  ConditionExpression: 'forkId = :id',
  ExpressionAttributeValues: { ':id': text(id) },
});

/** Unless it has another stage by now, or is of another fork. */
export const forgetRequest = (
  table: string,
  { cluster, id }: Pick<Fork, 'cluster' | 'id'>,
  stage: Stage,
): DeleteItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(forkPlace(cluster)),
  ...isAt(id, stage),
});

/** From one stage to the next, if it still is at the one. */
export const stageRequest = (
  table: string,
  { cluster, id, stage }: Pick<Fork, 'cluster' | 'id' | 'stage'>,
  next: Stage,
  layers?: Layers,
): UpdateItemCommandInput => {
  const { ConditionExpression, ExpressionAttributeValues } = isAt(id, stage);
  return {
    TableName: table,
    Key: keyAttributes(forkPlace(cluster)),
    UpdateExpression: `SET forkStage = :next${layers ? ', layers = :layers' : ''}`,
    ConditionExpression,
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ':next': text(next),
      ...(layers && { ':layers': text(layersText(layers)) }),
    },
  };
};

/** Says that somebody means to drop a cluster; who said so before does not any more. */
export const markRequest = (table: string, cluster: string, dropper: string): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(forkPlace(cluster)),
  UpdateExpression:
    'SET dropper = :dropper, forkId = if_not_exists(forkId, :dropper), forkStage = if_not_exists(forkStage, :plain)',
  ExpressionAttributeValues: { ':dropper': text(dropper), ':plain': text('plain') },
  ReturnValues: 'ALL_NEW',
});

/** A change of a cluster's record by who means to drop it, while nobody else said so. `value` stands for `:value`. */
const droppersRequest = (
  table: string,
  cluster: string,
  dropper: string,
  change: string,
  value: string,
): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(forkPlace(cluster)),
  UpdateExpression: change,
  ConditionExpression: 'dropper = :dropper',
  ExpressionAttributeValues: { ':dropper': text(dropper), ':value': text(value) },
});

/** Takes the mark of this dropper away. */
export const unmarkRequest = (table: string, cluster: string, dropper: string): UpdateItemCommandInput =>
  droppersRequest(table, cluster, dropper, 'SET dropper = :value', '');

/** From here on nothing reads through it, nobody goes on making it, and no fork of it begins. */
export const goneRequest = (table: string, cluster: string, dropper: string): UpdateItemCommandInput => ({
  ...droppersRequest(table, cluster, dropper, 'SET forkStage = :value', 'gone'),
  ReturnValues: 'ALL_NEW',
});

/** What a counter has in the place of a fork's id once its cluster was dropped: nobody may write while that goes on. */
export const dropped = 'dropped';

/** Takes the next revision for the end of a space: until somebody writes again there is nothing in it. */
export const reserveDropRequest = (table: string, space: string, now: number): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(counterPlace(space)),
  UpdateExpression:
    'SET previously = if_not_exists(touched, :zero), touched = :now, born = if_not_exists(born, :now), ' +
    'emptied = if_not_exists(reserved, :zero) + :one, fork = :dropped, forked = :zero, forkedBy = :none ADD reserved :one',
  ExpressionAttributeValues: {
    ':zero': number(0),
    ':now': number(now),
    ':one': number(1),
    ':none': text(''),
    ':dropped': text(dropped),
  },
  ReturnValues: 'ALL_NEW',
});

/** Has the counter not tell any more that its cluster was dropped. */
export const reusedRequest = (table: string, space: string): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(counterPlace(space)),
  UpdateExpression: 'SET fork = :none',
  ConditionExpression: 'fork = :dropped',
  ExpressionAttributeValues: { ':none': text(''), ':dropped': text(dropped) },
});

/** Says where a resource of a fork begins. */
export interface Begin {
  fork: Fork;
  resource: string;
  space: string;
  /** The newest revision that is reserved; undefined: none ever was. */
  seen: number | undefined;
  /** The revision of the beginning. */
  revision: number;
  /** The entry of the log under that revision. */
  entry: Item;
  now: number;
}

/** All or nothing, while the fork is beginning: its counter goes on from there, its log begins, a drop will find it. */
export function beginRequest(table: string, begin: Begin, token: string): TransactWriteItemsCommandInput {
  const { fork, resource, space, seen, revision, entry, now } = begin;
  const reserved = number(reservedOf(revision));
  const items: TransactWriteItem[] = [
    {
      ConditionCheck: {
        TableName: table,
        Key: keyAttributes(forkPlace(fork.cluster)),
        ...isAt(fork.id, 'beginning'),
      },
    },
    {
      Update: {
        TableName: table,
        Key: keyAttributes(counterPlace(space)),
        UpdateExpression:
          'SET previously = if_not_exists(touched, :zero), touched = :now, born = if_not_exists(born, :now), ' +
          'reserved = :reserved, emptied = :reserved, fork = :id, listed = :one',
        ConditionExpression: seen === undefined ? 'attribute_not_exists(reserved)' : 'reserved = :seen',
        ExpressionAttributeValues: {
          ':zero': number(0),
          ':now': number(now),
          ':one': number(1),
          ':reserved': reserved,
          ':id': text(fork.id),
          ...(seen !== undefined && { ':seen': number(reservedOf(seen)) }),
        },
      },
    },
    { Put: putNewRequest(table, entry) as TransactWriteItem['Put'] },
    { Put: { TableName: table, Item: keyAttributes(resourcePlace(fork.cluster, resource)) } },
  ];
  return { TransactItems: items, ClientRequestToken: token };
}
