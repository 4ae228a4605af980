import type { Cause } from '../../../errors/apiError.ts';
import { validDriverName } from '../../core/v1/pod/validate/volumeDrivers.ts';
import type { OpaqueDeviceConfiguration } from '../../schema/types.ts';
import { invalidValue, required, tooLong } from '../../validation/causes.ts';

const longest = 10 * 1024;

/** Checks what only a driver understands. */
export const validConfiguration = (at: string, opaque: OpaqueDeviceConfiguration | undefined): Cause[] =>
  opaque
    ? [
        ...validDriverName(`${at}.opaque.driver`, opaque.driver),
        ...validObject(`${at}.opaque.parameters`, opaque.parameters),
      ]
    : [required(`${at}.opaque`)];

/** Any JSON object, within a length. */
export function validObject(field: string, value: unknown): Cause[] {
  if (value === undefined || value === null) return [required(field)];
  if (Buffer.byteLength(JSON.stringify(value)) > longest) return [tooLong(field, longest)];
  return typeof value === 'object' && !Array.isArray(value)
    ? []
    : [invalidValue(field, '<value omitted>', 'must be a valid JSON object')];
}
