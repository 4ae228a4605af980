import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { podOf, settings } from '../../../../test/support/aws/fakeEcsWorld.ts';
import { noSources } from '../../../../test/support/noSources.ts';
import type { Container, Pod } from '../../../shared/kinds/schema/types.ts';
import { viewsOf } from './context.ts';
import { blueprintOf } from './definition.ts';
import { hashOf } from './hash.ts';

/** The same value with the keys of every object in another order, and with undefined where keys are absent. */
function shuffled(value: unknown, order: () => number): unknown {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, order));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value)
    .map(([key, each]) => [order(), key, shuffled(each, order)] as const)
    .sort(([a], [b]) => a - b);
  return { ...Object.fromEntries(entries.map(([, key, each]) => [key, each])), absent: undefined };
}

test('a hash does not depend on the order of keys, nor on keys without a value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.infiniteStream(fc.nat(100)), (value, numbers) => {
      const plain = JSON.parse(JSON.stringify(value));
      expect(hashOf(shuffled(plain, () => numbers.next().value))).toBe(hashOf(plain));
    }),
  );
});

test('different values have different hashes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const canonical = (value: unknown) => JSON.stringify(sortKeys(JSON.parse(JSON.stringify(value))));
      fc.pre(canonical(a) !== canonical(b));
      expect(hashOf(a)).not.toBe(hashOf(b));
    }),
  );
});

const sortKeys = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sortKeys)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, each]) => [key, sortKeys(each)]),
        )
      : value;

const container: fc.Arbitrary<Container> = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c'),
    image: fc.constantFrom('nginx', 'busybox'),
    args: fc.array(fc.constantFrom('x', '$(ME)', '$(NODE)')),
    env: fc.constant([
      { name: 'ME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ]),
    terminationMessagePath: fc.constant('/dev/termination-log'),
    imagePullPolicy: fc.constantFrom('Always' as const, 'IfNotPresent' as const),
  },
  { requiredKeys: ['name', 'image'] },
);

test('Pods of one template have one definition, whatever their names, UIDs and zones are', async () => {
  const pods = fc.tuple(
    fc.uniqueArray(container, { minLength: 1, selector: ({ name }) => name }),
    fc.constantFrom('fargate-us-east-1a', 'fargate-us-east-1b', 'fargate-spot-us-east-1a'),
    fc.stringMatching(/^[a-z]{1,8}$/),
  );
  await fc.assert(
    fc.asyncProperty(pods, async ([containers, nodeName, name]) => {
      const family = async (pod: Pod, own: string) => {
        const ref = { cluster: 'default', namespace: 'ns', name: own, uid: `uid-${own}` };
        return (await blueprintOf(viewsOf(ref, pod, noSources), settings)).definition.family;
      };
      const [one, other] = [podOf({ containers }), podOf({ containers, nodeName }, { name })];
      expect(await family(other, name)).toBe(await family(one, 'first'));
      // What the API fills in by default and what is left out are the same template.
      const filled = containers.map((c) => ({ ...c, resources: {}, imagePullPolicy: 'Always' as const }));
      expect(await family(podOf({ containers: filled }), 'first')).toBe(await family(one, 'first'));
    }),
    { numRuns: 50 },
  );
});
