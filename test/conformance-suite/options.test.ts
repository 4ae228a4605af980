import { expect, test } from '@jest/globals';
import { optionsOf } from '../../tools/conformance-suite/options.ts';
import { argumentsOf } from '../../tools/conformance-suite/suite.ts';

const files = { kubeconfig: 'kubeconfig', kubectl: 'kubectl' };

test.each([
  { args: [], told: '--num-nodes=2', why: 'the control plane has two' },
  { args: ['--nodes', '3'], told: '--num-nodes=3', why: 'as it was asked for' },
])('$args tells the suite $told: $why', ({ args, told }) => {
  const nodes = optionsOf(args)?.nodes;
  expect(argumentsOf({ ...files, nodes }, ['a spec'])).toContain(told);
});

test('a cluster that runs already is asked for its Nodes by the suite', () => {
  expect(argumentsOf(files, ['a spec'])).toContain('--num-nodes=-1');
});

test.each(['0', '-1', 'two'])('--nodes %s is refused', (nodes) => {
  expect(() => optionsOf([`--nodes=${nodes}`])).toThrow('--nodes wants a number above 0');
});
