/** Is what ConfigMaps and Secrets have in common: keyed values up to one MiB, which can be frozen. */
import type { Cause } from '../../errors/apiError.ts';
import { configMapKeyProblems } from '../../meta/names.ts';
import { forbidden } from './causes.ts';
import { checked } from './rules.ts';
import { isSame } from './same.ts';

/** All values of one object together, in bytes. */
export const mostBytes = 1024 * 1024;

/** Returns what is wrong with a key of a ConfigMap or Secret, which becomes a file name in Pods. */
export const validKey = (field: string, key: string): Cause[] =>
  checked(`${field}[${key}]`, key, configMapKeyProblems);

type Data = Record<string, string>;
interface Frozen {
  immutable?: boolean;
  data?: Data;
  binaryData?: Data;
}

/** Once `immutable` is set, neither it nor the data may change. */
export function frozen(object: Frozen, old: Frozen | undefined): Cause[] {
  if (!old?.immutable) return [];
  const why = 'field is immutable when `immutable` is set';
  const causes = object.immutable ? [] : [forbidden('immutable', why)];
  for (const field of ['data', 'binaryData'] as const) {
    if (!isSame(object[field] ?? {}, old[field] ?? {})) causes.push(forbidden(field, why));
  }
  return causes;
}
