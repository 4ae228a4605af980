import type { Cause } from '../../errors/apiError.ts';
import { isObject } from '../../meta/isObject.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { CustomResourceSubresourceScale } from '../schema/types.ts';
import { invalidValue } from '../validation/causes.ts';

const most = 2 ** 31 - 1;

/** Counts are counts, and the selector is a text. */
export function scaleCauses(object: AnyObject, scale: CustomResourceSubresourceScale): Cause[] {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const causes = [specReplicasPath, statusReplicasPath].flatMap((path) => countCauses(path, object));
  if (!labelSelectorPath) return causes;
  const { value, stranger } = at(object, labelSelectorPath);
  const problem =
    stranger ??
    (value === undefined || typeof value === 'string'
      ? undefined
      : wrongType(labelSelectorPath, value, 'string'));
  return problem ? [...causes, invalidValue(labelSelectorPath, '', problem)] : causes;
}

function countCauses(path: string, object: AnyObject): Cause[] {
  const { value, stranger } = at(object, path);
  if (stranger) return [invalidValue(path, 0, stranger)];
  if (value === undefined) return [];
  if (!Number.isInteger(value)) return [invalidValue(path, 0, wrongType(path, value, 'int64'))];
  const count = value as number;
  if (count < 0) return [invalidValue(path, count, 'should be a non-negative integer')];
  return count > most ? [invalidValue(path, count, `should be less than or equal to ${most}`)] : [];
}

const wrongType = (path: string, value: unknown, expected: string): string =>
  `${path} accessor error: ${goValue(value)} is of the type ${goType(value)}, expected ${expected}`;

const goValue = (value: unknown) =>
  value === null ? '<nil>' : typeof value === 'object' ? JSON.stringify(value) : String(value);

function goType(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Returns what a path leads to, or what stands in its way. */
function at(object: AnyObject, path: string): { value?: unknown; stranger?: string } {
  let value: unknown = object;
  for (const key of path.replace(/^\./, '').split('.')) {
    if (!isObject(value)) return { stranger: wrongType(path, value, 'map[string]interface{}') };
    if (!Object.hasOwn(value, key)) return {};
    value = value[key];
  }
  return { value };
}
