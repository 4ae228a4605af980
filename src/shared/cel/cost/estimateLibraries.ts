import { operators } from '../parse/ast.ts';
import type { Estimator, Node } from './estimate.ts';
import { type CallEstimate, type CallNode, searching } from './estimateCalls.ts';
import { listEstimate } from './estimateLists.ts';
import { authorizationCost, listCost, structCost, textCost } from './factors.ts';
import { isSized, nominal, reads, walks } from './functions.ts';
import { fixed, plus, type Range, scaled, times } from './range.ts';
import { replaceSize } from './replaceSize.ts';

/** The estimate of functions of the libraries; undefined for those of the language itself. */
export function libraryEstimate(estimator: Estimator, call: CallNode): CallEstimate | undefined {
  return listEstimate(estimator, call) ?? byName(estimator, call);
}

function byName(estimator: Estimator, call: CallNode): CallEstimate | undefined {
  const { name, overload, target, args } = call;
  const [first, second] = args;
  const size = (node: Node): Range => estimator.declaredSize(node);
  const read = (node: Node, factor = 1): Range => scaled(size(node), factor * textCost);
  if (nominal.has(name) || overload === 'cidr_ip') return { cost: fixed(1) };
  if (walks.has(name)) return target && { cost: walking(estimator, target) };
  if (reads.has(name) && first && !target)
    return { cost: read(first), size: isSized(name) ? size(first) : undefined };
  if (reads.has(name) && target) return { cost: read(target), size: size(target) };
  switch (name) {
    case 'check':
      return { cost: fixed(authorizationCost) };
    case 'fieldSelector':
    case 'labelSelector':
      return first && { cost: selectors(size(first)) };
    case 'replace':
      return target && first && second
        ? { cost: read(target, 2), size: replaceSize(size(target), size(first), size(second)) }
        : undefined;
    case 'split':
      return (
        target && { cost: read(target, 2), size: { min: 0, max: splitMost(second) ?? size(target).max } }
      );
    case 'join':
      return target && joining(estimator, target, first);
    case 'find':
    case 'findAll':
      return target && first
        ? { cost: searching(size(target), size(first)), size: { min: 0, max: size(target).max } }
        : undefined;
    case 'ip.isCanonical':
      return first && { cost: read(first, 2) };
    case 'containsIP':
      return first && { cost: addresses(overload === 'cidr_contains_ip_string' ? read(first) : fixed(0)) };
    case 'containsCIDR': {
      const reading = overload === 'cidr_contains_cidr_string' && first ? read(first) : fixed(0);
      return { cost: plus(addresses(reading), scaled(address, textCost), fixed(1)) };
    }
    case 'validate':
      return first && { cost: scaled(read(first), 128 * 0.25) };
    case operators['==']:
      return equality(args);
  }
  return undefined;
}

const address: Range = { min: 4, max: 16 };
const addresses = (reading: Range): Range => plus(scaled(plus(address, address), textCost), reading);

const selectors = (length: Range): Range =>
  plus(fixed(listCost), scaled(length, textCost), scaled(scaled(length, 0.5), listCost + structCost));

/** The elements of a list as something that has a size. */
function elementsOf(list: Node): Node | undefined {
  const type = list.type.parameters[0];
  if (!type) return undefined;
  return {
    expr: undefined,
    type,
    path: list.path?.length ? [...list.path, '@items'] : undefined,
    size: undefined,
  };
}

/** Comparing each element, and reading those that are text. */
function walking(estimator: Estimator, list: Node): Range {
  const elements = elementsOf(list);
  const size = estimator.declaredSize(list);
  if (!elements) return scaled(size, textCost);
  const text = elements.type.name === 'string' || elements.type.name === 'bytes';
  const reading = text ? scaled(estimator.declaredSize(elements), textCost) : fixed(0);
  return times(size, plus(fixed(1), reading));
}

function joining(estimator: Estimator, list: Node, separator: Node | undefined): CallEstimate {
  const count = estimator.declaredSize(list);
  const elements = elementsOf(list);
  const parts = elements ? times(count, estimator.declaredSize(elements)) : fixed(0);
  const between = { min: Math.max(0, count.min - 1), max: Math.max(0, count.max - 1) };
  const size = separator ? plus(parts, times(estimator.declaredSize(separator), between)) : parts;
  return { cost: scaled(size, textCost), size };
}

const splitMost = (limit: Node | undefined): number | undefined =>
  limit?.expr?.kind === 'literal' && typeof limit.expr.value === 'bigint'
    ? Number(BigInt.asUintN(64, limit.expr.value))
    : undefined;

const constantTime = /^(?:net\.(?:IP|CIDR)|kubernetes\.(?:Quantity|Semver|authorization\..*))$/;

function equality([left, right]: readonly Node[]): CallEstimate | undefined {
  if (!left || !right || left.type.name !== right.type.name) return undefined;
  if (constantTime.test(left.type.name)) return { cost: fixed(1) };
  if (left.type.name === 'kubernetes.NamedFormat') return { cost: scaled({ min: 1, max: 64 }, textCost) };
  if (left.type.name === 'kubernetes.URL')
    return { cost: scaled({ min: 1, max: right.size?.max ?? 1 }, textCost) };
  return undefined;
}
