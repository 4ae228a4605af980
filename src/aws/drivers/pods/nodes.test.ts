import { expect, test } from '@jest/globals';
import { podOf, settings } from '../../../../test/support/aws/fakeEcsWorld.ts';
import { nodeFor, nodeStatus } from '../../../shared/controllers/node/plan.ts';
import { plan } from '../../../shared/controllers/scheduler/plan.ts';
import { canonicalQuantity } from '../../../shared/kinds/schema/quantity.ts';
import type { PodSpec } from '../../../shared/kinds/schema/types.ts';
import { virtualNodes } from './nodes.ts';

const nodes = virtualNodes(settings).map((node) => ({
  ...nodeFor(node),
  status: nodeStatus(node, undefined, 0),
}));

test('a Node per zone, capacity type and architecture', () => {
  expect(nodes.map(({ metadata }) => metadata.name)).toEqual([
    'fargate-us-east-1a',
    'fargate-us-east-1a-amd64',
    'fargate-spot-us-east-1a',
    'fargate-spot-us-east-1a-amd64',
    'fargate-us-east-1b',
    'fargate-us-east-1b-amd64',
    'fargate-spot-us-east-1b',
    'fargate-spot-us-east-1b-amd64',
  ]);
  expect(nodes[3]?.metadata.labels).toMatchObject({
    'topology.kubernetes.io/zone': 'us-east-1a',
    'kubernetes.io/arch': 'amd64',
    'shallop.dev/capacity-type': 'spot',
  });
});

/** Where the scheduler puts ten Pods with this spec. */
function placed(spec: Partial<PodSpec>): string[] {
  const pods = Array.from({ length: 10 }, (_, i) => {
    const pod = podOf({ containers: [{ name: 'c' }], ...spec }, { name: `p${i}` });
    return { ...pod, spec: { ...pod.spec!, nodeName: undefined } };
  });
  return [...new Set(plan(pods, nodes).bind.map(({ node }) => node))].sort();
}

test.each<[string, Partial<PodSpec>, string[]]>([
  ['usual Pods spread over the zones', {}, ['fargate-us-east-1a', 'fargate-us-east-1b']],
  [
    'those that select Spot',
    { nodeSelector: { 'shallop.dev/capacity-type': 'spot' } },
    ['fargate-spot-us-east-1a', 'fargate-spot-us-east-1b'],
  ],
  [
    'those that select x86',
    { nodeSelector: { 'kubernetes.io/arch': 'amd64' } },
    ['fargate-us-east-1a-amd64', 'fargate-us-east-1b-amd64'],
  ],
  [
    'those that select a zone',
    { nodeSelector: { 'topology.kubernetes.io/zone': 'us-east-1b' } },
    ['fargate-us-east-1b'],
  ],
])('%s', (_, spec, names) => {
  expect(placed(spec)).toEqual(names);
});

test('capacities are as the API keeps them, so that there is nothing to report again', () => {
  for (const { status } of nodes)
    for (const quantity of Object.values(status.capacity ?? {}))
      expect(canonicalQuantity(quantity)).toBe(quantity);
});
