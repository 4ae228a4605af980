import type {
  CreateSecretCommandInput,
  DeleteSecretCommandInput,
  ListSecretsCommandInput,
  TagResourceCommandInput,
  UpdateSecretCommandInput,
} from '@aws-sdk/client-secrets-manager';
import type { SecretRef } from '../../../shared/ports/cloud.ts';
import { tags, tagsOf } from '../tags.ts';

/** Pure: from what is wanted to what Secrets Manager is asked. */

export const secretName = (
  deployment: string,
  { cluster, namespace, name }: Omit<SecretRef, 'uid'>,
): string => `${prefixOf(deployment)}${cluster}/${namespace}/${name}`;

export const prefixOf = (deployment: string): string => `shallop/${deployment}/`;

/** Returns the object that this ARN holds a copy of, also with a key behind the ARN; undefined for other entries. */
export function copyIn(deployment: string, arn: string): SecretRef | undefined {
  const full = /:secret:([^:]+)-[^:-]{6}(?=:|$)/.exec(arn)?.[1] ?? '';
  if (!full.startsWith(prefixOf(deployment))) return undefined;
  const [cluster = '', namespace = '', ...rest] = full.slice(prefixOf(deployment).length).split('/');
  return { cluster, namespace, name: rest.join('/'), uid: '' };
}

export interface Entry {
  deployment: string;
  ref: SecretRef;
  /** Tells what it holds: the same description is the same content. */
  description: string;
  /** A JSON object of strings. */
  payload: string;
  /** Key that encrypts it; absent: the account's own for Secrets Manager. */
  kmsKey?: string;
}

export const createSecretRequest = ({
  deployment,
  ref,
  payload,
  description,
  kmsKey,
}: Entry): CreateSecretCommandInput => ({
  Name: secretName(deployment, ref),
  Description: description,
  SecretString: payload,
  ...(kmsKey && { KmsKeyId: kmsKey }),
  Tags: tagsOf(deployment, ref),
});

/** Value and description change together. */
export const updateSecretRequest = ({
  deployment,
  ref,
  payload,
  description,
}: Entry): UpdateSecretCommandInput => ({
  SecretId: secretName(deployment, ref),
  Description: description,
  SecretString: payload,
});

export const tagSecretRequest = ({ deployment, ref }: Entry): TagResourceCommandInput => ({
  SecretId: secretName(deployment, ref),
  Tags: tagsOf(deployment, ref),
});

/** At once: a copy is worth nothing without its original, and its name must be free for the next. */
export const deleteSecretRequest = (name: string): DeleteSecretCommandInput => ({
  SecretId: name,
  ForceDeleteWithoutRecovery: true,
});

export const listSecretsRequest = (deployment: string, NextToken?: string): ListSecretsCommandInput => ({
  Filters: [
    { Key: 'name', Values: [prefixOf(deployment)] },
    { Key: 'tag-key', Values: [tags.uid] },
  ],
  MaxResults: 100,
  NextToken,
});
