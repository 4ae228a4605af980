import { secretKey, secretsOf } from '../cluster.ts';
import type { Permission } from '../permission.ts';
import type { Parts } from './parts.ts';

/** Secrets that Pods use. */
export const keepSecrets = (parts: Parts): Permission[] => [
  ...removeSecrets(parts),
  {
    actions: [
      'secretsmanager:CreateSecret',
      'secretsmanager:DescribeSecret',
      'secretsmanager:UpdateSecret',
      'secretsmanager:TagResource',
    ],
    resources: [secretsOf(parts.scope, parts.name)],
    why: 'Secrets Manager adds a suffix to names; only those of this deployment.',
  },
  secretKey(parts.scope, { name: parts.name, key: parts.data.key }, ['kms:GenerateDataKey', 'kms:Decrypt']),
];

/** Taking away the copies of Secrets. */
export const removeSecrets = (parts: Parts): Permission[] => [
  {
    actions: ['secretsmanager:DeleteSecret'],
    resources: [secretsOf(parts.scope, parts.name)],
    why: 'Secrets Manager adds a suffix to names; only those of this deployment.',
  },
  {
    actions: ['secretsmanager:ListSecrets'],
    resources: ['*'],
    why: 'The action lists the secrets of the account; it knows no resource.',
  },
];

/** Seeing a copy of a Secret, without its value. */
export const findSecrets = (parts: Parts): Permission => ({
  actions: ['secretsmanager:DescribeSecret'],
  resources: [secretsOf(parts.scope, parts.name)],
  why: 'Secrets Manager adds a suffix to names; only those of this deployment.',
});
