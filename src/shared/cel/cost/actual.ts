import { Dict } from '../values/dict.ts';
import { List } from '../values/list.ts';
import { sizeOf } from '../values/typeOf.ts';
import { failed, Optional, type Outcome } from '../values/value.ts';
import { libraryCost } from './actualLibraries.ts';
import { patternFactor, textCost } from './factors.ts';

/**
 * Returns what cel-go charges for a call when it has happened; the same as the estimate of calls, with the true sizes.
 */
export function callCost(name: string, overload: string, args: readonly Outcome[], result: Outcome): number {
  return libraryCost(name, overload, args, result) ?? standardCost(overload, args) ?? 1;
}

/** The size of a value for costs: 1 for what has none. */
export function actualSize(value: Outcome | undefined): number {
  if (value === undefined || failed(value)) return 1;
  if (value instanceof Optional && value.value !== undefined) return actualSize(value.value);
  return sizeOf(value) ?? 1;
}

export const traversal = (value: Outcome | undefined): number => Math.ceil(actualSize(value) * textCost);

const comparesText = /^(?:less|greater)(?:_equals)?_(?:string|bytes)$/;

function standardCost(overload: string, args: readonly Outcome[]): number | undefined {
  const [first, second] = args;
  switch (overload) {
    case 'starts_with_string':
    case 'ends_with_string':
    case 'string_to_bytes':
    case 'bytes_to_string':
    case 'strings_quote':
    case 'string_format':
      return traversal(first);
    case 'in_list':
      return actualSize(second);
    case 'add_string':
    case 'add_bytes':
      return Math.ceil((actualSize(first) + actualSize(second)) * textCost);
    case 'matches_string':
      return patternCost(actualSize(first), actualSize(second));
    case 'contains_string':
      return traversal(first) * traversal(second);
  }
  if (overload === 'equals' || overload === 'not_equals' || comparesText.test(overload))
    return Math.ceil(Math.min(actualSize(first), actualSize(second)) * textCost);
  return undefined;
}

/** Searching takes the length of the text times the length of the pattern. */
export const patternCost = (text: number, pattern: number): number =>
  Math.ceil((1 + text) * textCost) * Math.ceil(pattern * patternFactor);

/** The cost of walking through all of a value. */
export function walkCost(value: Outcome): number {
  if (failed(value)) return 1;
  if (typeof value === 'string') return Math.floor(Buffer.byteLength(value) * textCost);
  if (value instanceof Uint8Array) return Math.floor(value.length * textCost);
  let cost = 0;
  if (value instanceof List)
    for (let index = 0; index < value.size; index++) cost += walkCost(value.at(index));
  else if (value instanceof Dict)
    for (const key of value.keys()) cost += walkCost(key) + walkCost(value.find(key) ?? null);
  else return 1;
  return cost;
}
