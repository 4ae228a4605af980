import { operators } from '../parse/ast.ts';
import { List } from '../values/list.ts';
import { Opaque, type Outcome } from '../values/value.ts';
import { actualSize, patternCost, traversal, walkCost } from './actual.ts';
import { authorizationCost, listCost, structCost, textCost } from './factors.ts';
import { nominal, reads, walks } from './functions.ts';

/** The cost of functions of the libraries; undefined for those of the language itself. */
export function libraryCost(
  name: string,
  overload: string,
  args: readonly Outcome[],
  result: Outcome,
): number | undefined {
  return byOverload(overload, args, result) ?? byName(name, overload, args, result);
}

/** Making a list of a size, having looked at each element some times. */
const making = (factor: number, size: number): number => Math.trunc(size * factor) + 1 + listCost;

function byOverload(overload: string, args: readonly Outcome[], result: Outcome): number | undefined {
  const size = actualSize(args[0]);
  switch (overload) {
    case 'list_sets_contains_list':
    case 'list_sets_intersects_list':
      return 1 + size * actualSize(args[1]);
    case 'list_sets_equivalent_list':
      return 1 + 2 * size * actualSize(args[1]);
    case 'list_slice':
    case 'lists_range':
    case 'list_reverse':
      return making(1, actualSize(result));
    case 'list_flatten':
      return making(1, size);
    case 'list_flatten_int':
      return making(Number(args[1]), size);
    case 'list_distinct':
      return selfCompare(args[0]);
  }
  if (/^list_.*_sort$/.test(overload)) return selfCompare(args[0]);
  if (/^list_.*_sortByAssociatedKeys$/.test(overload)) return selfCompare(args[1]);
  return undefined;
}

function selfCompare(list: Outcome | undefined): number {
  const size = actualSize(list);
  const first = list instanceof List && size > 0 ? list.at(0) : undefined;
  const text = typeof first === 'string' || first instanceof Uint8Array;
  return making(2 + (text ? textCost : 0), size * size);
}

function byName(
  name: string,
  overload: string,
  args: readonly Outcome[],
  result: Outcome,
): number | undefined {
  const [first = null, second = null] = args;
  if (nominal.has(name) || overload === 'cidr_ip') return 1;
  if (walks.has(name)) return walkCost(first);
  if (reads.has(name)) return traversal(first);
  switch (name) {
    case 'check':
      return authorizationCost;
    case 'fieldSelector':
    case 'labelSelector':
      return selectorCost(actualSize(second));
    case 'replace':
    case 'split':
    case 'ip.isCanonical':
      return Math.ceil(actualSize(first) * 2 * textCost);
    case 'join':
      return Math.ceil(actualSize(result) * 2 * textCost);
    case 'find':
    case 'findAll':
      return patternCost(actualSize(first), actualSize(second));
    case 'containsIP':
      return addressCost(first, second, overload === 'cidr_contains_ip_string');
    case 'containsCIDR':
      return addressCost(first, second, overload === 'cidr_contains_cidr_string') + traversal(first) + 1;
    case 'validate':
      return patternCost(actualSize(second), maxPatternSize(first));
    case operators['==']:
      return first instanceof Opaque ? 1 : undefined;
  }
  return undefined;
}

/** Reading a selector: a requirement takes two characters at least, and makes a list and an object. */
export const selectorCost = (length: number): number =>
  listCost + Math.ceil(length * textCost) + Math.ceil(Math.ceil(length * 0.5) * (listCost + structCost));

/** Comparing the bytes of two addresses, one of which may have to be read first. */
const addressCost = (network: Outcome, other: Outcome, readsText: boolean): number =>
  Math.ceil(2 * actualSize(network) * textCost) + (readsText ? traversal(other) : 0);

const maxPatternSize = (format: Outcome): number =>
  format instanceof Opaque && 'maxPatternSize' in format ? Number(format.maxPatternSize) : 0;
