import type { LabelSelector } from '../kinds/schema/types.ts';

import { ownValue } from './table.ts';

export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';

export interface Requirement {
  key: string;
  operator: Operator;
  values: string[];
  /** Written as `key=value`, where In and NotIn would be a list. */
  exact?: true;
}

type Labels = Record<string, string> | undefined;

/** A parsed label selector. All requirements have to hold; one without requirements matches everything. */
export class Selector {
  readonly requirements: Requirement[];

  constructor(requirements: Requirement[]) {
    this.requirements = requirements;
  }

  get matchesEverything(): boolean {
    return this.requirements.length === 0;
  }

  matches(labels: Labels): boolean {
    for (const requirement of this.requirements) if (!holds(requirement, labels)) return false;
    return true;
  }
}

class Nothing extends Selector {
  override get matchesEverything(): boolean {
    return false;
  }
  override matches(): boolean {
    return false;
  }
}

/** Matches nothing: what a missing LabelSelector means. */
export const nothing: Selector = new Nothing([]);

export const everything: Selector = new Selector([]);

const holds = ({ key, operator, values }: Requirement, labels: Labels): boolean =>
  operatorHolds(operator, ownValue(labels, key), values);

/** Returns what the operators of label selectors and node selectors mean for one value. */
export function operatorHolds(operator: string, value: string | undefined, values: string[]): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && isInt64(value) && BigInt(value) > BigInt(values[0]!);
    case 'Lt':
      return value !== undefined && isInt64(value) && BigInt(value) < BigInt(values[0]!);
    default:
      return false;
  }
}

/** Returns whether Go's ParseInt(text, 10, 64) reads it. */
export const isInt64 = (text: string): boolean =>
  /^[+-]?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);

/** The LabelSelector of an object. Missing matches nothing, empty everything. Says nothing of its validity. */
export function labelSelectorFrom(selector: LabelSelector | undefined): Selector {
  if (!selector) return nothing;
  const requirements: Requirement[] = [];
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    requirements.push({ key, operator: 'In', values: [value], exact: true });
  for (const { key, operator, values } of selector.matchExpressions ?? [])
    requirements.push({ key, operator: operator as Operator, values: values ?? [] });
  return new Selector(requirements);
}

/** A selector given as plain labels, as Services have it. None at all matches nothing. */
export const labelSelectorOf = (labels: Labels): Selector =>
  labels && Object.keys(labels).length > 0 ? labelSelectorFrom({ matchLabels: labels }) : nothing;

/** As `kubectl get -l` would take it and as Scale writes it: sorted by key. */
export const formatSelector = ({ requirements }: Selector): string =>
  requirements
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(formatRequirement)
    .join(',');

function formatRequirement({ key, operator, values, exact }: Requirement): string {
  switch (operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'Gt':
      return `${key}>${values[0]}`;
    case 'Lt':
      return `${key}<${values[0]}`;
    default: {
      const is = operator === 'In';
      if (exact) return `${key}${is ? '=' : '!='}${values[0]}`;
      return `${key} ${is ? 'in' : 'notin'} (${values.toSorted().join(',')})`;
    }
  }
}
