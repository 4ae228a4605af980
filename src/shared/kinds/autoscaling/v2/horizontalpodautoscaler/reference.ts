import type { Cause } from '../../../../errors/apiError.ts';
import { pathSegmentProblems } from '../../../../meta/names.ts';
import type { CrossVersionObjectReference } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';

/** @param version which apiVersions will do: any, one that names a group, or those of the core group too. */
export function validReference(
  at: string,
  { kind = '', name = '', apiVersion = '' }: Partial<CrossVersionObjectReference> = {},
  version: 'any' | 'group' | 'core',
): Cause[] {
  const segment = (field: string, value: string) =>
    value ? checked(`${at}.${field}`, value, pathSegmentProblems) : [required(`${at}.${field}`)];
  return [
    ...segment('kind', kind),
    ...segment('name', name),
    ...(version === 'any' ? [] : validApiVersion(`${at}.apiVersion`, apiVersion, version === 'core')),
  ];
}

function validApiVersion(field: string, text: string, isCore: boolean): Cause[] {
  const parts = text.split('/');
  if (parts.length > 2) return [invalidValue(field, text, `unexpected GroupVersion string: ${text}`)];
  const group = parts.length === 2 ? parts[0] : '';
  return group || isCore ? [] : [invalidValue(field, text, 'apiVersion must specify API group')];
}
