import { prices } from '../../aws/prices/index.ts';
import type { Month } from '../../aws/prices/month.ts';
import { type Usage, type UsageCost, usageMonth } from '../../aws/prices/usage.ts';
import type { Figures } from './health/figures.ts';

/** Describes what was used since the month began, and a month at that rate; or why nobody knows. */
export type Use = { used: Usage; days: number; month: UsageCost } | { why: string };

const dayMs = 24 * 3_600_000;

/** Returns what a month of use costs at the rate of the figures. */
export function useOf(told: Figures['usage']): Use {
  if ('why' in told) return told;
  const { used, duringMs } = told.value;
  return { used, days: duringMs / dayMs, month: usageMonth(used, duringMs) };
}

/** The month with what is used. What a deployment at rest uses stands in the price of its rest, and is counted once. */
export function withUse(month: Month, use: Use): Month {
  if ('why' in use) return month;
  const cost = Object.values(use.month).reduce((sum: number, each: number) => sum + each, 0);
  return { ...month, use: Math.max(0, cost - prices.atRestUseMonth) };
}
