/** Findings about one field, in the words of Kubernetes. `field` is a path as `spec.containers[0].image`. */
import type { Cause } from '../../errors/apiError.ts';
import { quoted } from './quote.ts';

/** `Invalid value: "x": why` */
export const invalidValue = (field: string, value: unknown, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${shown(value)}${why && `: ${why}`}`,
  field,
});

/** `Invalid value: why`, for what is wrong about several fields together. */
export const invalidTogether = (field: string, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${why}`,
  field,
});

/** `Required value`, with a hint where Kubernetes gives one. */
export const required = (field: string, hint = ''): Cause => ({
  reason: 'FieldValueRequired',
  message: `Required value${hint && `: ${hint}`}`,
  field,
});

/** `Unsupported value: "x": supported values: "a", "b"`; the values in the order given. */
export const notSupported = (field: string, value: unknown, supported: readonly string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${shown(value)}${
    supported.length > 0 ? `: supported values: ${supported.map(quoted).join(', ')}` : ''
  }`,
  field,
});

/** Makes the cause about a value that stands more than once where it has to be unique. */
export const duplicate = (field: string, value: unknown): Cause => ({
  reason: 'FieldValueDuplicate',
  message: `Duplicate value: ${shown(value)}`,
  field,
});

/** Makes the cause about a field that must not be set, or not changed, here. */
export const forbidden = (field: string, why: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
  field,
});

/** A reference inside the object leads nowhere. */
export const missing = (field: string, value: unknown): Cause => ({
  reason: 'FieldValueNotFound',
  message: `Not found: ${shown(value)}`,
  field,
});

/** Makes the cause about a text of more than `bytes` bytes; Kubernetes does not show the text. */
export const tooLong = (field: string, bytes: number): Cause => ({
  reason: 'FieldValueTooLong',
  message: `Too long: may not be more than ${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`,
  field,
});

/** Makes the cause about a list or map with more than `most` items. */
export const tooMany = (field: string, count: number, most: number): Cause => ({
  reason: 'FieldValueTooMany',
  message: `Too many: ${count}: must have at most ${most} items`,
  field,
});

/** Strings quoted as Go quotes them, objects as Go writes JSON, nothing as null. */
const shown = (value: unknown): string =>
  typeof value === 'string'
    ? quoted(value)
    : JSON.stringify(value ?? null).replace(
        /[<>&]/g,
        (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
      );
