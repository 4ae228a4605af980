import { isObject } from '../meta/isObject.ts';
import type { Wrong } from './problems.ts';

/** Says whether a leaf of an event fits. Undefined is a leaf that is not there. */
export type Fits = (leaf: unknown) => boolean;

/** Is what a pattern may say of a leaf, in the words of EventBridge. Each makes a matcher, or answers what is wrong. */
type Make = (operand: unknown) => Fits | string;

const prefix: Make = (operand) =>
  typeof operand === 'string' && operand
    ? (leaf) => typeof leaf === 'string' && leaf.startsWith(operand)
    : 'a text is wanted';

const anythingBut: Make = (operand) => {
  if (isObject(operand)) {
    const [word = '', ...more] = Object.keys(operand);
    const fits =
      word === 'prefix' && more.length === 0 ? prefix(operand.prefix) : 'only prefix may stand in it';
    return typeof fits === 'string' ? fits : (leaf) => leaf !== undefined && !fits(leaf);
  }
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  const isList =
    values.length > 0 &&
    (values.every((value) => typeof value === 'string') ||
      values.every((value) => typeof value === 'number'));
  return isList
    ? (leaf) => leaf !== undefined && !(values as unknown[]).includes(leaf)
    : 'a text, a number, a list of either, or a prefix is wanted';
};

const exists: Make = (operand) =>
  typeof operand === 'boolean' ? (leaf) => (leaf !== undefined) === operand : 'true or false is wanted';

const comparisons = new Map<unknown, (leaf: number, limit: number) => boolean>([
  ['=', (leaf, limit) => leaf === limit],
  ['<', (leaf, limit) => leaf < limit],
  ['<=', (leaf, limit) => leaf <= limit],
  ['>', (leaf, limit) => leaf > limit],
  ['>=', (leaf, limit) => leaf >= limit],
]);
/** As far as EventBridge compares. */
const furthest = 5e9;

const numeric: Make = (operand) => {
  const wrong = `a comparison as [">", 0], or two as [">", 0, "<=", 5], is wanted, of numbers up to ${furthest}`;
  if (!Array.isArray(operand) || ![2, 4].includes(operand.length)) return wrong;
  const checks: ((leaf: number) => boolean)[] = [];
  for (let i = 0; i < operand.length; i += 2) {
    const compare = comparisons.get(operand[i]);
    const limit: unknown = operand[i + 1];
    if (!compare || typeof limit !== 'number' || !(Math.abs(limit) <= furthest)) return wrong;
    checks.push((leaf) => compare(leaf, limit));
  }
  return (leaf) => typeof leaf === 'number' && checks.every((check) => check(leaf));
};

const makers: Readonly<Record<string, Make>> = { prefix, 'anything-but': anythingBut, exists, numeric };

/** The words that patterns may use beside plain values. */
export const words: readonly string[] = Object.keys(makers);

/** EventBridge knows these too, and shallop does not. */
const others = ['suffix', 'wildcard', 'equals-ignore-case', 'cidr'];

/** Makes the matcher of one item of a leaf's list. Tells what is wrong with it. */
export function matcherOf(item: unknown, at: string, wrong: Wrong): Fits {
  const none: Fits = () => false;
  if (item === null || ['string', 'number', 'boolean'].includes(typeof item)) return (leaf) => leaf === item;
  const [word = '', ...more] = isObject(item) ? Object.keys(item) : [];
  if (!isObject(item) || !word || more.length > 0) {
    wrong(
      `${at}: Invalid value: a text, a number, true, false, null or one of ${words.join(', ')} is wanted`,
    );
    return none;
  }
  const make = Object.hasOwn(makers, word) ? makers[word] : undefined;
  if (!make) {
    const known = others.includes(word)
      ? ' (EventBridge has it; rules that serve on both planes do not)'
      : '';
    wrong(`${at}: Unsupported value: ${JSON.stringify(word)}: supported values: ${words.join(', ')}${known}`);
    return none;
  }
  const fits = make(item[word]);
  if (typeof fits !== 'string') return fits;
  wrong(`${at}.${word}: Invalid value: ${fits}`);
  return none;
}
