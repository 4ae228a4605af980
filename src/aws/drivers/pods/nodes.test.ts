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

test('D2: Pods run on x86 unless the deployment or they say otherwise', () => {
  expect(nodes[0]?.metadata.labels?.['kubernetes.io/arch']).toBe('amd64');
  const arm = virtualNodes({ ...settings, architecture: 'arm64' });
  expect(arm.slice(0, 2).map(({ name, labels }) => [name, labels?.['kubernetes.io/arch']])).toEqual([
    ['fargate-us-east-1a-amd64', 'amd64'],
    ['fargate-us-east-1a', 'arm64'],
  ]);
});

test('a Node per zone, capacity type and architecture', () => {
  expect(nodes.map(({ metadata }) => metadata.name)).toEqual([
    'fargate-us-east-1a',
    'fargate-us-east-1a-arm64',
    'fargate-spot-us-east-1a',
    'fargate-spot-us-east-1a-arm64',
    'fargate-us-east-1b',
    'fargate-us-east-1b-arm64',
    'fargate-spot-us-east-1b',
    'fargate-spot-us-east-1b-arm64',
  ]);
  expect(nodes[3]?.metadata.labels).toMatchObject({
    'topology.kubernetes.io/zone': 'us-east-1a',
    'kubernetes.io/arch': 'arm64',
    'shallop.dev/capacity-type': 'spot',
  });
});

/** Returns where the scheduler puts ten Pods with this spec. */
function placed(spec: Partial<PodSpec>): string[] {
  const pods = Array.from({ length: 10 }, (_, i) => {
    const pod = podOf({ containers: [{ name: 'c' }], ...spec }, { name: `p${i}` });
    return { ...pod, spec: { ...pod.spec!, nodeName: undefined } };
  });
  return [...new Set(plan(pods, nodes).bind.map(({ node }) => node))].sort();
}

test.each<[string, Partial<PodSpec>, string[]]>([
  ['D2: usual Pods, on x86, spread over the zones', {}, ['fargate-us-east-1a', 'fargate-us-east-1b']],
  [
    'those that select Spot',
    { nodeSelector: { 'shallop.dev/capacity-type': 'spot' } },
    ['fargate-spot-us-east-1a', 'fargate-spot-us-east-1b'],
  ],
  [
    'those that select ARM',
    { nodeSelector: { 'kubernetes.io/arch': 'arm64' } },
    ['fargate-us-east-1a-arm64', 'fargate-us-east-1b-arm64'],
  ],
  [
    'those that select a zone',
    { nodeSelector: { 'topology.kubernetes.io/zone': 'us-east-1b' } },
    ['fargate-us-east-1b'],
  ],
  [
    'those whose affinity wants ARM',
    {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['arm64'] }] },
            ],
          },
        },
      },
    },
    ['fargate-us-east-1a-arm64', 'fargate-us-east-1b-arm64'],
  ],
])('%s', (_, spec, names) => {
  expect(placed(spec)).toEqual(names);
});

test('capacities are as the API keeps them, so that there is nothing to report again', () => {
  for (const { status } of nodes)
    for (const quantity of Object.values(status.capacity ?? {}))
      expect(canonicalQuantity(quantity)).toBe(quantity);
});
