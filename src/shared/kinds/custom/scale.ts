import type { Cause } from '../../errors/apiError.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { CustomResourceSubresourceScale } from '../schema/types.ts';
import { invalidValue } from '../validation/causes.ts';
import { isObject } from './schema/structural.ts';

const most = 2 ** 31 - 1;

/** Counts are counts, and the selector is a text. */
export function scaleCauses(object: AnyObject, scale: CustomResourceSubresourceScale): Cause[] {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const causes = [specReplicasPath, statusReplicasPath].flatMap((path) =>
    countCauses(path, valueAt(object, path)),
  );
  const selector = labelSelectorPath ? valueAt(object, labelSelectorPath) : undefined;
  if (selector !== undefined && typeof selector !== 'string')
    causes.push(invalidValue(labelSelectorPath!, '', wrongType(labelSelectorPath!, selector, 'string')));
  return causes;
}

function countCauses(path: string, value: unknown): Cause[] {
  if (value === undefined) return [];
  if (!Number.isInteger(value)) return [invalidValue(path, 0, wrongType(path, value, 'int64'))];
  const count = value as number;
  if (count < 0) return [invalidValue(path, count, 'should be a non-negative integer')];
  return count > most ? [invalidValue(path, count, `should be less than or equal to ${most}`)] : [];
}

const wrongType = (path: string, value: unknown, expected: string): string =>
  `${path} accessor error: ${goValue(value)} is of the type ${goType(value)}, expected ${expected}`;

const goValue = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function goType(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

const valueAt = (object: AnyObject, path: string): unknown =>
  path
    .replace(/^\./, '')
    .split('.')
    .reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), object);
