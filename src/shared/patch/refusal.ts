/** A patch that makes something of an object that is none. */

import { ApiError } from '../errors/apiError.ts';
import { sorted } from '../kinds/printing/json.ts';
import { ownValue, table } from '../meta/table.ts';
import { goText } from './goText.ts';

/** A patch, and what has become of the object. */
export interface Applied {
  type: string;
  body: unknown;
  result: unknown;
  /** A custom kind, of which Go has no struct: keys are in order everywhere. */
  isCustom?: boolean;
}

/** 422 that names no kind, as a real server's. */
export function invalidPatch(applied: Applied, why: string): ApiError {
  const message = `Invalid value: ${JSON.stringify(shown(applied))}: ${why}`;
  return new ApiError('Invalid', ` "" is invalid: patch: ${message}`, {
    details: { causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }] },
  });
}

export const isStrategic = (type: string): boolean => type.startsWith('application/strategic');

/** Returns the text that the message shows: the patch itself for a strategic one, else the result. */
const shown = ({ type, body, result, isCustom }: Applied): string =>
  isStrategic(type) ? goText(body) : JSON.stringify(isCustom ? sorted(result) : sortedWhere(result, body));

/** Keys in order wherever the patch looked in. */
function sortedWhere(value: unknown, patch: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (typeof patch !== 'object' || patch === null) return value;
  const touched = Array.isArray(patch) ? touchedBy(patch) : (patch as Record<string, unknown>);
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, sortedWhere(inner, ownValue(touched, key))] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The paths of a JSON patch as a tree. */
function touchedBy(operations: { path?: string }[]): Record<string, unknown> {
  const tree: Record<string, unknown> = table({});
  for (const { path = '' } of operations) {
    let at = tree;
    for (const part of path.split('/').slice(1, -1)) {
      at[part] ??= table({});
      at = at[part] as Record<string, unknown>;
    }
  }
  return tree;
}
