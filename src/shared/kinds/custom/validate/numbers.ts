import type { JSONSchemaProps } from '../../schema/types.ts';
import { invalidValue } from '../../validation/causes.ts';
import { finding, type Result } from './finding.ts';

/** Validates a number against its limits and multipleOf; for an integer, fractions of limits are cut off. */
export function numberResult(path: string, value: number | bigint, schema: JSONSchemaProps): Result {
  const { multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum } = schema;
  const wrong: string[] = [];
  // Limits of integers are integers themselves.
  const limit = (of: number) => (isInteger(value) ? Math.trunc(of) : of);
  const factor = multipleOf === undefined ? undefined : limit(multipleOf);
  const isNoFactor = factor !== undefined && factor <= 0;
  if (factor !== undefined && !isNoFactor && !isMultiple(value, factor))
    wrong.push(`should be a multiple of ${goFloat(factor)}`);
  if (minimum !== undefined && (exclusiveMinimum ? value <= limit(minimum) : value < limit(minimum)))
    wrong.push(`should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${goFloat(limit(minimum))}`);
  if (maximum !== undefined && (exclusiveMaximum ? value >= limit(maximum) : value > limit(maximum)))
    wrong.push(`should be less than ${exclusiveMaximum ? '' : 'or equal to '}${goFloat(limit(maximum))}`);
  const findings = wrong.map((why) => about(path, value, `${path} in body ${why}`));
  if (isNoFactor)
    findings.unshift(
      about(path, factor, `factor MultipleOf declared for ${path} must be positive: ${goFloat(factor)}`),
    );
  return { findings, matches: 1 };
}

const isInteger = (value: number | bigint) => typeof value === 'bigint' || Number.isInteger(value);

const about = (path: string, value: number | bigint, why: string) =>
  finding(path, why, (field) => invalidValue(field, value, why));

function isMultiple(value: number | bigint, factor: number): boolean {
  if (typeof value === 'bigint') return value % BigInt(factor) === 0n;
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  return Number.isInteger(value) && Number.isInteger(factor) ? value % factor === 0 : isNearInteger(times);
}

/** As Go's tools call a float an integer: within a part in a thousand million. */
function isNearInteger(value: number): boolean {
  if (Number.isNaN(value) || Math.abs(value) >= 2 ** 53) return false;
  const difference = Math.abs(value - Math.trunc(value));
  return value === Math.trunc(value) || difference / (Math.abs(value) + Math.abs(Math.trunc(value))) < 1e-9;
}

/** A number as Go prints a float64. */
export function goFloat(value: number): string {
  if (value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e21)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
