import { isObject } from '../meta/isObject.ts';
import { type Fits, matcherOf } from './matchers.ts';
import type { ObjectEvent } from './objectEvent.ts';
import type { Wrong } from './problems.ts';

/** Is a pattern of EventBridge, made ready to be compared with many events. */
export interface Pattern {
  /** As it was written: what EventBridge is given. */
  source: Readonly<Record<string, unknown>>;
  matches(event: ObjectEvent): boolean;
}

/** What events of both planes have at their top. EventBridge adds more, such as `account`, which a machine has not. */
const tops = ['source', 'detail-type', 'detail'];
/** Keeps a pattern from outgrowing the stack. */
const deepest = 32;

/** Stands in for a pattern that was refused. */
export const neverMatching: Pattern = { source: {}, matches: () => false };

/**
 * Reads a pattern in the words that both planes understand: nested fields; of each the list of what it may be, plain values,
 * `prefix`, `anything-but`, `exists` and `numeric`. Of a list in an event one item has to fit. `at` is the place of the
 * pattern in what names it; `wrong` is told of each mistake.
 */
export function patternOf(value: unknown, at: string, wrong: Wrong): Pattern {
  if (!isObject(value) || Object.keys(value).length === 0) {
    wrong(`${at}: Required value: a pattern of ${tops.join(', ')} is wanted`);
    return neverMatching;
  }
  for (const key of Object.keys(value))
    if (!tops.includes(key))
      wrong(`${at}.${key}: Unsupported value: ${JSON.stringify(key)}: supported values: ${tops.join(', ')}`);
  return { source: value, matches: fieldsOf(value, at, wrong, 0) };
}

function fieldsOf(value: Record<string, unknown>, at: string, wrong: Wrong, depth: number): Fits {
  const fields = Object.entries(value).map(([key, inner]): [string, Fits] => [
    key,
    fitsOf(inner, `${at}.${key}`, wrong, depth + 1),
  ]);
  return (found) => {
    const of = isObject(found) ? found : {};
    return fields.every(([key, fits]) => fits(Object.hasOwn(of, key) ? of[key] : undefined));
  };
}

function fitsOf(value: unknown, at: string, wrong: Wrong, depth: number): Fits {
  if (depth > deepest) {
    wrong(`${at}: Invalid value: it is more than ${deepest} fields deep`);
    return () => false;
  }
  if (isObject(value)) {
    if (Object.keys(value).length === 0) {
      wrong(`${at}: Invalid value: it has no fields`);
      return () => false;
    }
    const fits = fieldsOf(value, at, wrong, depth);
    // One item has to fit the whole of it: EventBridge does not mix fields of several either.
    return (found) => (Array.isArray(found) && found.length > 0 ? found.some(fits) : fits(found));
  }
  if (!Array.isArray(value) || value.length === 0) {
    wrong(`${at}: Invalid value: a list of what it may be is wanted`);
    return () => false;
  }
  const matchers = value.map((item, i) => matcherOf(item, `${at}[${i}]`, wrong));
  const fitsOne: Fits = (found) => matchers.some((fits) => fits(isObject(found) ? undefined : found));
  return (found) =>
    Array.isArray(found) ? (found.length > 0 ? found.some(fitsOne) : fitsOne(undefined)) : fitsOne(found);
}
