import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { ownValue } from '../../../../meta/table.ts';
import type { Secret } from '../../../schema/types.ts';
import { decodedLength } from '../../../validation/base64.ts';
import { tooLong } from '../../../validation/causes.ts';
import { frozen, mostBytes, validKey } from '../../../validation/data.ts';
import { immutable } from '../../../validation/rules.ts';
import { validateForType } from './types.ts';

export function validate(object: Secret, old?: Secret): Cause[] {
  const causes = old ? immutable('type', object.type ?? '', old.type ?? '') : [];
  addAll(causes, frozen(object, old));
  let bytes = 0;
  for (const [key, value] of Object.entries(object.data ?? {})) {
    addAll(causes, validKey('data', key));
    bytes += decodedLength(value);
  }
  if (bytes > mostBytes) causes.push(tooLong('data', mostBytes));
  addAll(causes, validateForType(object));
  return causes;
}

/** Returns whether a certificate and its key could be in there at all; whether they fit is not looked at. */
export function warnings({ type, data = {} }: Secret): string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const isMissing = (key: string) =>
    !Buffer.from(ownValue(data, key) ?? '', 'base64').includes('-----BEGIN ');
  if (isMissing('tls.crt')) return ['tls: failed to find any PEM data in certificate input'];
  return isMissing('tls.key') ? ['tls: failed to find any PEM data in key input'] : [];
}
