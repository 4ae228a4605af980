import { describe, expect, test } from '@jest/globals';
import { inTurns } from '../meta/steps.ts';
import { applyPatch, patchSteps } from './index.ts';
import { mergePatch } from './merge.ts';
import recorded from './testdata/recorded.json' with { type: 'json' };
import strategicCases from './testdata/strategic.json' with { type: 'json' };

type Json = Record<string, unknown>;
const strategic = 'application/strategic-merge-patch+json';
const merge = 'application/merge-patch+json';
const json = 'application/json-patch+json';

describe('strategic merge patch', () => {
  // Results of the Go library that real servers use, over random objects and patches.
  test.each(strategicCases.map((c, n) => ({ ...c, n })))(
    'case $n of $type is as a real server merges',
    (c) => {
      const before = structuredClone(c.original);
      expect(applyPatch(strategic, c.original as Json, c.patch, c.type)).toEqual(c.result);
      expect(c.original).toEqual(before);
    },
  );

  test('an added container takes the place of the one it replaces', () => {
    const original = { spec: { containers: [{ name: 'c' }, { name: 'b' }] } };
    const patch = {
      spec: {
        '$setElementOrder/containers': [{ name: 'a' }],
        containers: [{ name: 'c', $patch: 'delete' }, { name: 'a' }],
      },
    };
    expect(applyPatch(strategic, original, patch, 'Pod')).toEqual({
      spec: { containers: [{ name: 'b' }, { name: 'a' }] },
    });
  });

  test.each([
    [{ spec: { $retainKeys: ['a'], b: 1 } }, 'invalid patch format of retainKeys'],
    [
      { spec: { containers: [{ image: 'x' }] } },
      'map: map[image:x] does not contain declared merge key: name',
    ],
    [{ spec: { $patch: 'merge' } }, 'unknown patch type: merge in map: map[$patch:merge]'],
    [
      { spec: { containers: [{ name: 'c', $patch: 'merge' }] } },
      'merging lists cannot yet be specified in the patch',
    ],
    [
      {
        spec: {
          '$setElementOrder/containers': [{ name: 'a' }, { name: 'c' }],
          containers: [{ name: 'c' }, { name: 'a' }],
        },
      },
      "The order in patch list:\n[map[name:c] map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:a] map[name:c]]\n",
    ],
    [{ spec: { '$setElementOrder/containers': 1 } }, 'expected a []interface {}, but received a int64'],
  ])('%j is refused', (patch, message) => {
    const original = { spec: { containers: [{ name: 'c' }, { name: 'a' }] } };
    expect(() => applyPatch(strategic, original, patch, 'Pod')).toThrow(expect.objectContaining({ message }));
  });
});

test('a sequence of patches leads where it led on a real server', () => {
  let object: Json = {
    metadata: { name: 'p' },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'c',
              image: 'a:1',
              env: [
                { name: 'A', value: '1' },
                { name: 'B', value: '2' },
              ],
              ports: [{ containerPort: 1, protocol: 'TCP' }],
            },
          ],
        },
      },
    },
  };
  for (const { contentType, body, containers, annotations } of recorded) {
    object = applyPatch(contentType, object, body, 'Deployment');
    expect(object).toMatchObject({ spec: { template: { spec: { containers } } } });
    expect((object.metadata as Json).annotations ?? {}).toEqual(annotations);
  }
});

describe('JSON patch', () => {
  const original = () => ({ a: { 'x/y': 1, 'm~n': 2 }, list: [1, 2, 3] });
  test.each([
    ['add to the end', [{ op: 'add', path: '/list/-', value: 4 }], { list: [1, 2, 3, 4] }],
    ['insert', [{ op: 'add', path: '/list/1', value: 9 }], { list: [1, 9, 2, 3] }],
    ['escaped names', [{ op: 'replace', path: '/a/x~1y', value: 5 }], { a: { 'x/y': 5, 'm~n': 2 } }],
    ['move', [{ op: 'move', from: '/a/m~0n', path: '/b' }], { a: { 'x/y': 1 }, b: 2 }],
    ['copy', [{ op: 'copy', from: '/list/0', path: '/b' }], { b: 1 }],
    ['copy of an escaped name', [{ op: 'copy', from: '/a/x~1y', path: '/b' }], { b: 1 }],
    ['test that holds', [{ op: 'test', path: '/list', value: [1, 2, 3] }], {}],
    ['replace of a missing member adds it', [{ op: 'replace', path: '/b', value: 1 }], { b: 1 }],
    ['test of a missing member is null', [{ op: 'test', path: '/b', value: null }], {}],
    ['a place from the end', [{ op: 'remove', path: '/list/-1' }], { list: [1, 2] }],
  ])('%s', (_name, patch, changed) => {
    const before = original();
    expect(applyPatch(json, before, patch, 'Pod')).toEqual({ ...original(), ...changed });
    expect(before).toEqual(original());
  });

  test.each([
    ['remove of nothing', { op: 'remove', path: '/zzz' }],
    ['test that fails', { op: 'test', path: '/a', value: 1 }],
    ['beyond the end', { op: 'add', path: '/list/7', value: 1 }],
    ['no such parent', { op: 'add', path: '/b/c', value: 1 }],
    ['the whole document', { op: 'remove', path: '' }],
    ['a prototype', { op: 'remove', path: '/__proto__' }],
  ])('%s is refused and changes nothing', (_name, operation) => {
    const before = original();
    const patch = [{ op: 'add', path: '/list/0', value: 0 }, operation];
    expect(() => applyPatch(json, before, patch, 'Pod')).toThrow(
      expect.objectContaining({
        reason: 'Invalid',
        message: 'the server rejected our request due to an error in our request',
        details: {},
      }),
    );
    expect(before).toEqual(original());
  });

  const copies = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ op: 'copy', from: '/metadata', path: `/metadata/x${i}` }));

  test('A4: copies of copies are one part that stands in many places', () => {
    const { metadata } = applyPatch(json, { metadata: { name: 'a' } }, copies(14), 'ConfigMap');
    const parts = new Set<unknown>();
    const gather = (part: unknown) => {
      if (typeof part !== 'object' || part === null || parts.has(part)) return;
      parts.add(part);
      Object.values(part).forEach(gather);
    };
    gather(metadata);
    expect(parts.size).toBe(15);
    expect(Buffer.byteLength(JSON.stringify(metadata))).toBeGreaterThan(2 ** 17);
  });

  test('A4: the sum of what copies add is exact, and ends the patch', () => {
    let bytes = '{"name":"abcd"}'.length;
    let sum = 0;
    for (let i = 0; sum <= 3 << 20; i++) {
      sum += bytes;
      bytes += `,"x${i}":`.length + bytes;
    }
    let refusal: unknown;
    try {
      applyPatch(json, { metadata: { name: 'abcd' } }, copies(24), 'ConfigMap');
    } catch (error) {
      refusal = (error as Error).cause;
    }
    expect(refusal).toEqual(
      new Error(
        `Unable to complete the copy, the accumulated size increase of copy is ${sum}, exceeding the limit ${3 << 20}`,
      ),
    );
  });

  test('each operation is a step after which others may have their turn', async () => {
    let asked = 0;
    const steps = patchSteps(json, { metadata: {} }, copies(9), 'ConfigMap');
    await inTurns(steps, () => {
      asked++;
      return undefined;
    });
    expect(asked).toBe(9);
  });

  test('an object is no JSON patch', () => {
    expect(() => applyPatch(json, {}, {}, 'Pod')).toThrow(
      expect.objectContaining({
        reason: 'BadRequest',
        message:
          'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
      }),
    );
  });
});

describe('merge patch', () => {
  test('RFC 7386 by example', () => {
    const original = { a: { b: 'c', d: 'e' }, list: [1, 2], gone: 1 };
    const patch = { a: { d: null, f: 'g' }, list: [3], gone: null };
    expect(applyPatch(merge, original, patch, 'Pod')).toEqual({ a: { b: 'c', f: 'g' }, list: [3] });
  });
  test('a key named __proto__ is a key', () => {
    const patched = applyPatch(merge, {}, JSON.parse('{"__proto__":{"x":1}}'), undefined);
    expect(Object.hasOwn(patched, '__proto__')).toBe(true);
    expect(({} as Json).x).toBeUndefined();
  });
});

test('custom resources know no strategic merge', () => {
  expect(() => applyPatch(strategic, {}, {}, undefined)).toThrow(
    expect.objectContaining({ reason: 'UnsupportedMediaType' }),
  );
});

test('a merge patch takes nulls out of objects within lists, as real servers do', () => {
  const patch = { list: [{ a: null, b: [{ c: null }] }, null, 1] };
  expect(mergePatch({ list: [1] }, patch)).toEqual({ list: [{ b: [{}] }, null, 1] });
});
