import type { Permission } from '../permission.ts';
import type { Parts } from './parts.ts';

/** Objects: what the storage driver sends, and the key that the table and Secrets are encrypted with. */
export const objects = ({ data }: Parts): Permission[] => [
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
    actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
    resources: [data.key.keyArn],
  },
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
