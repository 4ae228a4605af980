import { expect, test } from '@jest/globals';
import { note, type Spec, updated } from '../../tools/conformance-suite/results.ts';

const spec = (name: string, outcome: Spec['outcome']): Spec => ({ name, outcome });

test('results of one run replace its own and leave those of another run', () => {
  const before = [
    spec('[sig-apps] a', 'failed'),
    spec('[sig-apps] b', 'passed'),
    spec('[sig-node] c', 'passed'),
  ];
  const now = [spec('[sig-apps] d', 'failed'), spec('[sig-apps] a', 'passed')];
  expect(updated({ suite: 'v1.35.4', specs: before }, now)).toEqual({
    suite: 'v1.35.4',
    specs: [
      spec('[sig-apps] a', 'passed'),
      spec('[sig-apps] b', 'passed'),
      spec('[sig-apps] d', 'failed'),
      spec('[sig-node] c', 'passed'),
    ],
  });
});

test.each<[before: Spec['outcome'], now: 'passed' | 'failed' | 'skipped', kept: Spec['outcome']]>([
  ['passed', 'skipped', 'passed'],
  ['passed', 'failed', 'failed'],
  ['failed', 'skipped', 'skipped'],
  ['skipped', 'passed', 'passed'],
  [undefined, 'skipped', 'skipped'],
])('of a spec that has %s and is %s now, %s is kept', (before, outcome, kept) => {
  const results = { suite: 'v1.35.4', specs: [{ ...spec('a', before), commit: 'old' }] };
  note(results, { name: 'a', outcome, seconds: 1 }, 'new', new Date('2026-12-01T00:00:00Z'));
  const [noted] = results.specs;
  expect([noted?.outcome, noted?.commit]).toEqual([kept, kept === before ? 'old' : 'new']);
});
