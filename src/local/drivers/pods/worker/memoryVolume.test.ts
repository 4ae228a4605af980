import { expect, test } from '@jest/globals';
import type { Container, PodSpec } from '../../../../shared/kinds/schema/types.ts';
import { memorySize } from './memoryVolume.ts';

const node = { memory: '8Gi' };
const Mi = 2 ** 20;
const limited = (memory?: string, more: Partial<Container> = {}): Container => ({
  name: 'c',
  ...(memory && { resources: { limits: { memory } } }),
  ...more,
});
const sizeOf = (spec: Partial<PodSpec>, sizeLimit?: string) =>
  memorySize(
    { name: 'v', emptyDir: { medium: 'Memory', ...(sizeLimit && { sizeLimit }) } },
    { metadata: {}, spec: { containers: [], ...spec } },
    node,
  )! / Mi;

test.each<[string, Partial<PodSpec>, string | undefined, number]>([
  ['what the Node has, where nothing limits the Pod', { containers: [limited()] }, undefined, 8192],
  ['its own limit', { containers: [limited()] }, '64Mi', 64],
  ['what the Node has, where its limit is nothing', { containers: [limited()] }, '0', 8192],
  ['what its Pod may use', { containers: [limited('32Mi'), limited('16Mi')] }, '64Mi', 48],
  ['its own limit below that of its Pod', { containers: [limited('96Mi')] }, '64Mi', 64],
  ['its own limit, where one container has none', { containers: [limited('32Mi'), limited()] }, '64Mi', 64],
  [
    'what is said of the Pod itself',
    { resources: { limits: { memory: '8Mi' } }, containers: [limited()] },
    '64Mi',
    8,
  ],
  [
    'what an init container may use beside the sidecars before it',
    {
      containers: [limited('8Mi')],
      initContainers: [limited('4Mi', { restartPolicy: 'Always' }), limited('16Mi')],
    },
    undefined,
    20,
  ],
])('an emptyDir in memory holds %s', (_, spec, sizeLimit, size) => {
  expect(sizeOf(spec, sizeLimit)).toBe(size);
});
