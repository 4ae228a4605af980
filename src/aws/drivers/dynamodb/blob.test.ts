import { expect, test } from '@jest/globals';
import { decodeBlob, encodeBlob, packBlob } from './blob.ts';
import { bytes, type Item, number } from './layout.ts';

const owner = { space: 'c\x1fpods', of: 'l' as const, revision: 7 };
const raw = Buffer.from(`{"kind":"Pod","apiVersion":"v1","metadata":{"name":"${'web'.repeat(500)}"}}`);
const packed = (): Item => packBlob(owner, raw).attributes;
const body = (item: Item): Buffer => Buffer.from(item.body!.B!);

test.each([
  ['gzipped', encodeBlob(owner, raw, 10).attributes],
  ['packed', packed()],
])('what was %s is read alone in its memory', (_, item) => {
  expect(item.zipped).toBeDefined();
  const read = decodeBlob(item, []);
  expect(Buffer.from(read)).toEqual(raw);
  expect(read.buffer.byteLength).toBe(raw.length);
});

test('a packed entry of which a bit was lost is refused', () => {
  const item = packed();
  const spoilt = body(item);
  spoilt[spoilt.length - 1]! ^= 1;
  expect(() => decodeBlob({ ...item, body: bytes(spoilt) }, [])).toThrow('incorrect data check');
});

test('an entry that was packed with other words is refused', () => {
  const item = packed();
  const other = body(item);
  // The header is followed by what says which words they were.
  other[2]! ^= 1;
  expect(() => decodeBlob({ ...item, body: bytes(other) }, [])).toThrow('Bad dictionary');
});

test('bytes that a later version zipped are refused by its number', () => {
  expect(() => decodeBlob({ ...packed(), zipped: number(3) }, [])).toThrow('does not know: 3');
});
