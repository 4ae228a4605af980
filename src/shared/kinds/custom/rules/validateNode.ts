import type { Cause } from '../../../errors/apiError.ts';
import { keyedItems } from './correlate.ts';
import { evaluateRules } from './evaluateRules.ts';
import type { RuleNode } from './validator.ts';

/** A value beside what it was before the update. */
export interface Correlated {
  key(name: string): Correlated | undefined;
  index(at: number): Correlated | undefined;
  isEqual(): boolean;
}

/**
 * Describes where an update stands: the value itself, or else the nearest one around it that can be compared with its
 * old one.
 */
export interface Ratchet {
  readonly current: Correlated | undefined;
  readonly parent: Correlated | undefined;
}

/** Describes what one validation has found and may still spend. */
export interface Visit {
  readonly causes: Cause[];
  readonly warnings: Cause[];
  budget: number;
}

/** Evaluates the rules at a place and below; ends when the budget is used up. */
export function validateNode(
  visit: Visit,
  node: RuleNode,
  path: string,
  value: unknown,
  old: unknown,
  ratchet: Ratchet,
): void {
  if (value === null || value === undefined) return;
  evaluateRules(visit, node, path, value, old, ratchet);
  for (const part of node.allOf) {
    if (visit.budget < 0) return;
    validateNode(visit, part, path, value, old, { current: undefined, parent: ratchet.parent });
  }
  if (Array.isArray(value)) validateItems(visit, node, path, value, old, ratchet);
  else if (typeof value === 'object') validateParts(visit, node, path, value as Json, old, ratchet);
}

type Json = Record<string, unknown>;

function validateParts(
  visit: Visit,
  node: RuleNode,
  path: string,
  value: Json,
  old: unknown,
  ratchet: Ratchet,
): void {
  const mapType = node.schema['x-kubernetes-map-type'];
  const correlatable = mapType === undefined || mapType === 'granular' || mapType === 'atomic';
  const before = correlatable && isRecord(old) ? old : {};
  for (const [name, part] of Object.entries(value)) {
    const own = node.properties.get(name);
    const inner = own ?? node.values;
    if (!inner) continue;
    if (visit.budget < 0) return;
    const at = own ? `${path}${path && '.'}${name}` : `${path}[${name}]`;
    const oldPart = Object.hasOwn(before, name) ? before[name] : undefined;
    validateNode(visit, inner, at, part, oldPart, byKey(ratchet, name));
  }
}

function validateItems(
  visit: Visit,
  node: RuleNode,
  path: string,
  value: readonly unknown[],
  old: unknown,
  ratchet: Ratchet,
): void {
  if (!node.items) return;
  const oldItem = keyedItems(node.schema, old);
  for (const [index, item] of value.entries()) {
    if (visit.budget < 0) return;
    validateNode(visit, node.items, `${path}[${index}]`, item, oldItem(item), byIndex(ratchet, index));
  }
}

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function byKey(ratchet: Ratchet, name: string): Ratchet {
  if (!ratchet.current) return ratchet;
  // Both objects were converted to one version, so these two say nothing.
  if (!ratchet.parent && (name === 'apiVersion' || name === 'kind'))
    return { current: undefined, parent: undefined };
  return { current: ratchet.current.key(name), parent: ratchet.current };
}

const byIndex = (ratchet: Ratchet, index: number): Ratchet =>
  ratchet.current ? { current: ratchet.current.index(index), parent: ratchet.current } : ratchet;
