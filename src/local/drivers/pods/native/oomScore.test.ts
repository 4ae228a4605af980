import { expect, test } from '@jest/globals';
import type { Container, PodSpec } from '../../../../shared/kinds/schema/types.ts';
import { oomScoreOf } from './oomScore.ts';

const capacity = 8_000_000_000;
const asking = (memory?: string, more: Partial<Container> = {}): Container => ({
  name: 'c',
  ...(memory && { resources: { requests: { memory } } }),
  ...more,
});
const all = { cpu: '1', memory: '1G' };
const sidecar = asking('1G', { name: 's', restartPolicy: 'Always' });

// What kubelet's own GetContainerOOMScoreAdjust says of these.
test.each<[string, Container, Partial<PodSpec>, number]>([
  ['one that asked for nothing', asking(), {}, 1000],
  [
    'one that may have what it asked for and no more',
    asking('', { resources: { requests: all, limits: all } }),
    {},
    -997,
  ],
  ['one without which its node does not work', asking(), { priorityClassName: 'system-node-critical' }, -997],
  ['one that asked for an eighth of the memory', asking('1G'), {}, 875],
  ['one that asked for hardly any', asking('1k'), {}, 999],
  ['one that asked for all', asking('8G'), {}, 3],
  ['one that asked for a CPU alone', asking('', { resources: { requests: { cpu: '1' } } }), {}, 999],
  ['a sidecar of a bigger one', sidecar, { containers: [asking('4G')], initContainers: [sidecar] }, 500],
  ['a sidecar of a smaller one', sidecar, { containers: [asking('80M')], initContainers: [sidecar] }, 875],
  [
    'half of what a Pod asked for and its containers did not',
    asking('1G'),
    { containers: [asking('1G'), asking('1G', { name: 'd' })], resources: { requests: { memory: '4G' } } },
    750,
  ],
])('%s', (_, container, spec, score) => {
  expect(oomScoreOf(container, { containers: [container], ...spec }, capacity)).toBe(score);
});
