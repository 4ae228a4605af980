import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyPatch } from './index.ts';

type Json = Record<string, unknown>;
const key = fc.constantFrom('a', 'b', 'c/d', 'e~f', '__proto__', 'constructor');
const document = fc.dictionary(key, fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<Json>;
const merge = (original: Json, patch: Json) =>
  applyPatch('application/merge-patch+json', original, patch, undefined);
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test('a merge patch applied twice is applied once', () => {
  fc.assert(
    fc.property(document, document, (original, patch) => {
      const once = merge(original, patch);
      expect(plain(merge(once, patch))).toEqual(plain(once));
    }),
  );
});

test('the empty patch changes nothing and no patch changes the original', () => {
  fc.assert(
    fc.property(document, document, (original, patch) => {
      const before = JSON.stringify(original);
      expect(JSON.stringify(merge(original, {}))).toBe(before);
      merge(original, patch);
      expect(JSON.stringify(original)).toBe(before);
    }),
  );
});

test('what JSON patch adds it removes again', () => {
  fc.assert(
    fc.property(document, fc.string(), fc.jsonValue({ maxDepth: 2 }), (original, name, value) => {
      fc.pre(!Object.hasOwn(original, name) && name !== '');
      const path = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const json = (body: unknown) => applyPatch('application/json-patch+json', original, body, undefined);
      const add = { op: 'add', path, value };
      expect(json([add])[name]).toEqual(value);
      expect(json([add, { op: 'test', path, value }, { op: 'remove', path }])).toEqual(json([]));
    }),
  );
});

const containers = fc.uniqueArray(
  fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), image: fc.constantFrom('1', '2') }),
  { selector: ({ name }) => name },
);
const strategic = (original: Json, patch: Json) =>
  applyPatch('application/strategic-merge-patch+json', original, patch, 'Pod');

test('a strategic patch names what it changes, keeps the rest, and again changes nothing', () => {
  fc.assert(
    fc.property(containers, containers, (server, changed) => {
      const patch = { spec: { containers: changed } };
      const once = strategic({ spec: { containers: server } }, patch) as { spec: { containers: Json[] } };
      const names = once.spec.containers.map(({ name }) => name);
      expect(new Set(names)).toEqual(new Set([...server, ...changed].map(({ name }) => name)));
      for (const { name, image } of changed)
        expect(once.spec.containers.find((c) => c.name === name)?.image).toBe(image);
      expect(strategic(once, patch)).toEqual(once);
    }),
  );
});
