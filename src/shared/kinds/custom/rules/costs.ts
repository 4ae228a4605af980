import type { Cause } from '../../../errors/apiError.ts';
import { forbidden } from '../../validation/causes.ts';

/** Describes what one expression of a schema may cost, on all the places where it may be evaluated in one object. */
export interface ExpressionCost {
  readonly path: string;
  readonly cost: number;
}

/** The most that all expressions of a schema may cost together. */
const schemaLimit = 100_000_000;
const mostNamed = 4;

const advice =
  'try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared';

/** Says by how much an expression's estimated cost exceeds its limit, in Kubernetes' words. */
export function costMessage(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  // Little more than the limit is told exactly, so that it is not called 1.0 times the limit.
  const shown =
    factor > 100 ? 'more than 100x' : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
  return `${what} exceeds budget by factor of ${shown} (${advice})`;
}

/** The rules that cost the most, when all together cost too much. */
export function totalCauses(costs: readonly ExpressionCost[], path: string): Cause[] {
  const cost = costs.reduce((sum, own) => sum + own.cost, 0);
  if (cost <= schemaLimit) return [];
  const named = costs
    .filter((own) => own.cost >= schemaLimit / 100)
    .sort((a, b) => b.cost - a.cost)
    .slice(0, mostNamed);
  const contributed =
    'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
  const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
  return [
    ...named.map((own) => forbidden(own.path, contributed)),
    forbidden(path, costMessage(what, cost, schemaLimit)),
  ];
}
