import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonPatch } from './json.ts';
import { type Operation, operationsIn } from './operations.ts';
import { measuring } from './size.ts';

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));
const name = fc.constantFrom('a', 'b', '0', '-', 'x~1y', '__proto__');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
const value = fc.jsonValue({ maxDepth: 2 });
const document = fc.dictionary(
  fc.constantFrom('a', 'b', 'x/y', '__proto__'),
  fc.oneof(value, fc.array(value), fc.dictionary(fc.constantFrom('a', 'b'), value)),
);
const operation = fc.oneof(
  fc.record({ op: fc.constantFrom('add', 'replace'), path, value }),
  fc.record({ op: fc.constantFrom('copy', 'move'), path, from: path }),
  fc.record({ op: fc.constant('remove'), path }),
);

/** What each operation leads to on a document that shares nothing with what was before; those that fail are left out. */
function oneByOne(original: unknown, operations: Operation[]): { document: unknown; done: Operation[] } {
  let document = plain(original);
  const done: Operation[] = [];
  for (const operation of operations)
    try {
      document = plain(jsonPatch(plain(document), [plain(operation)]));
      done.push(operation);
    } catch {}
  return { document, done };
}

test('A4: what parts of a document share shows in nothing that a patch makes of it', () => {
  fc.assert(
    fc.property(document, fc.array(operation, { maxLength: 12 }), (original, patch) => {
      const { document: expected, done } = oneByOne(original, operationsIn(patch));
      const [before, asked] = [plain(original), plain(done)];
      expect(plain(jsonPatch(original, done))).toEqual(expected);
      expect([plain(original), plain(done)]).toEqual([before, asked]);
    }),
    { numRuns: 200 },
  );
});

test('a value is as large as its JSON', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue({ noUnicodeString: false }), fc.dictionary(text, text)), (any) => {
      const sizeOf = measuring();
      const bytes = Buffer.byteLength(JSON.stringify(any));
      expect([sizeOf(any).bytes, sizeOf([any, any]).bytes]).toEqual([bytes, 2 * bytes + 3]);
    }),
  );
});
