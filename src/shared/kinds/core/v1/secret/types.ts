/** Is what a Secret must hold, by its type. Types that are not listed may hold anything. */

import { Buffer } from 'node:buffer';
import type { Cause } from '../../../../errors/apiError.ts';
import { ownValue, table } from '../../../../meta/table.ts';
import type { Secret } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';
import { jsonObjectProblem } from './json.ts';

const accountName = 'kubernetes.io/service-account.name';

const rules: Record<string, (secret: Secret) => Cause[]> = table({
  'kubernetes.io/service-account-token': ({ metadata }) =>
    metadata.annotations?.[accountName] ? [] : [required(`metadata.annotations[${accountName}]`)],
  'kubernetes.io/dockercfg': (secret) => jsonIn(secret, '.dockercfg'),
  'kubernetes.io/dockerconfigjson': (secret) => jsonIn(secret, '.dockerconfigjson'),
  'kubernetes.io/basic-auth': (secret) =>
    has(secret, 'username') || has(secret, 'password')
      ? []
      : [...needs(secret, 'username'), ...needs(secret, 'password')],
  'kubernetes.io/ssh-auth': ({ data }) =>
    data?.['ssh-privatekey'] ? [] : [required('data[ssh-privatekey]')],
  'kubernetes.io/tls': (secret) => [...needs(secret, 'tls.crt'), ...needs(secret, 'tls.key')],
});

/** Returns what the type of a Secret requires and it does not hold. Values are never shown. */
export const validateForType = (secret: Secret): Cause[] =>
  Object.hasOwn(rules, secret.type ?? '') ? rules[secret.type!]!(secret) : [];

const has = ({ data }: Secret, key: string): boolean => data !== undefined && Object.hasOwn(data, key);
const needs = (secret: Secret, key: string): Cause[] => (has(secret, key) ? [] : [required(`data[${key}]`)]);

/** The value is a JSON object. The message never shows what is secret. */
function jsonIn(secret: Secret, key: string): Cause[] {
  if (!has(secret, key)) return needs(secret, key);
  const problem = jsonObjectProblem(Buffer.from(ownValue(secret.data, key)!, 'base64').toString());
  return problem ? [invalidValue(`data[${key}]`, '<secret contents redacted>', problem)] : [];
}
