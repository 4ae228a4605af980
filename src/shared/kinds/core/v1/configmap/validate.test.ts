import { expect, test } from '@jest/globals';
import { validate } from './validate.ts';

const mebibyte = 1024 * 1024;
const tooLong = {
  reason: 'FieldValueTooLong',
  message: 'Too long: may not be more than 1048576 bytes',
  field: '[]',
};

test.each<{ why: string; data: Record<string, string>; causes: object[] }>([
  { why: 'one MiB', data: { a: 'x'.repeat(mebibyte) }, causes: [] },
  { why: 'a byte more', data: { a: 'x'.repeat(mebibyte), b: 'y' }, causes: [tooLong] },
  { why: 'too much in few characters', data: { a: 'ü'.repeat(mebibyte / 2 + 1) }, causes: [tooLong] },
])('text of $why', ({ data, causes }) => expect(validate({ metadata: {}, data })).toEqual(causes));

test('binary data counts by its bytes, not by its base64', () => {
  const binaryData = { a: Buffer.alloc(mebibyte).toString('base64') };
  expect(validate({ metadata: {}, binaryData })).toEqual([]);
  expect(validate({ metadata: {}, binaryData, data: { b: 'x' } })).toEqual([tooLong]);
});
