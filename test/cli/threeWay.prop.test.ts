import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Json, threeWayPatch } from '../../src/cli/kube/apply/threeWay.ts';
import { mergePatch } from '../../src/shared/patch/merge.ts';
import { strategicMergePatch } from '../../src/shared/patch/strategic.ts';

/** Pod specs with a merge-key list, a plain list, a map and scalars, each perhaps absent. */
const named = (name: string) =>
  fc.record(
    {
      name: fc.constant(name),
      image: fc.constantFrom('a', 'b'),
      args: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
      env: lists('A', 'B', (each) =>
        fc.record({ name: fc.constant(each), value: fc.constantFrom('1', '2') }),
      ),
    },
    { requiredKeys: ['name'] },
  );
const lists = <T>(one: string, other: string, of: (name: string) => fc.Arbitrary<T>) =>
  fc.oneof(
    fc.tuple(of(one)),
    fc.tuple(of(other)),
    fc.tuple(of(one), of(other)),
    fc.tuple(of(other), of(one)),
  ) as fc.Arbitrary<T[]>;
const spec = fc.record(
  {
    containers: lists('c', 'd', named),
    nodeSelector: fc.dictionary(fc.constantFrom('k', 'l'), fc.constantFrom('1', '2')),
    priority: fc.constantFrom(1, 2),
    hostNetwork: fc.boolean(),
  },
  { requiredKeys: ['containers'] },
) as fc.Arbitrary<Json>;

/** What a manifest says is so in the object: maps hold its fields, named lists its items, the rest is equal. */
function holds(wanted: unknown, found: unknown): boolean {
  if (Array.isArray(wanted) && wanted.some((item) => item?.name))
    return wanted.every((item) =>
      (found as { name: string }[]).some((f) => f.name === item.name && holds(item, f)),
    );
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted))
    return JSON.stringify(wanted) === JSON.stringify(found);
  return Object.entries(wanted).every(([key, value]) => holds(value, (found as Json | undefined)?.[key]));
}

const ways: [string, (original: Json, modified: Json, current: Json) => Json][] = [
  [
    'strategic',
    (original, modified, current) =>
      strategicMergePatch(current, threeWayPatch(original, modified, current, 'PodSpec'), 'PodSpec'),
  ],
  [
    'merge',
    (original, modified, current) => mergePatch(current, threeWayPatch(original, modified, current)) as Json,
  ],
];

describe.each(ways)('a three-way %s patch', (_, applied) => {
  test('makes the object what the manifest says', () => {
    fc.assert(
      fc.property(spec, spec, spec, (original, modified, current) => {
        expect(holds(modified, applied(original, modified, current))).toBe(true);
      }),
    );
  });

  test('takes out what is in the manifest no more', () => {
    fc.assert(
      fc.property(spec, spec, (original, modified) => {
        const result = applied(original, modified, original);
        for (const key of Object.keys(original))
          if (!Object.hasOwn(modified, key)) expect(Object.hasOwn(result, key)).toBe(false);
      }),
    );
  });

  test('leaves what others have added', () => {
    fc.assert(
      fc.property(spec, spec, (original, modified) => {
        const current = { ...original, serviceAccountName: 'theirs' };
        expect(applied(original, modified, current).serviceAccountName).toBe('theirs');
      }),
    );
  });
});

test.each([undefined, 'PodSpec'])('nothing is to be done for what is so already (%s)', (typeName) => {
  fc.assert(
    fc.property(spec, (manifest) => {
      expect(threeWayPatch(manifest, manifest, manifest, typeName)).toEqual({});
    }),
  );
});
