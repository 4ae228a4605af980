import { Stack } from 'aws-cdk-lib';
import { tags } from '../../../src/aws/names.ts';
import type { Permission } from '../permission.ts';
import type { Parts } from './parts.ts';

/** Objects: what the storage driver sends, and the key that the table and Secrets are encrypted with. */
export const objects = ({ data, name }: Parts): Permission[] => [
  {
    actions: [
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    ],
    resources: [data.table.tableArn],
  },
  {
    // For what it seals itself, and what DynamoDB does for it: neither opens what another use of the key sealed.
    actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
    resources: [data.key.keyArn],
    conditions: { StringEquals: { [`kms:EncryptionContext:${tags.deployment}`]: name } },
  },
  {
    actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
    resources: [data.key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(data).region}.amazonaws.com` } },
  },
  { actions: ['kms:DescribeKey'], resources: [data.key.keyArn] },
];

/** Changes as they happen. */
export const changes = ({ data }: Parts): Permission[] => [
  {
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    resources: [data.table.tableStreamArn!],
  },
  {
    actions: ['dynamodb:ListStreams'],
    resources: ['*'],
    why: 'The action lists the streams of the account; it knows no resource.',
  },
];
