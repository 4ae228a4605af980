import { expect, test } from '@jest/globals';
import { type Spec, updated } from '../../tools/conformance-suite/results.ts';

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
