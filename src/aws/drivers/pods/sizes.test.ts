import { describe, expect, test } from '@jest/globals';
import type { Container, PodSpec } from '../../../shared/kinds/schema/types.ts';
import { containerSizes, diskSize, fargateSizes, requested, roundUp } from './sizes.ts';

const container = (name: string, cpu?: string, memory?: string, limit?: string): Container => ({
  name,
  resources: {
    requests: { ...(cpu && { cpu }), ...(memory && { memory }) },
    ...(limit && { limits: { memory: limit } }),
  },
});

const pairs = fargateSizes.flatMap(([cpu, memories]) => memories.map((memory) => ({ cpu, memory })));

describe('the next size that Fargate has', () => {
  test('the table is the documented one', () => {
    const gib = (list: readonly number[]) => list.map((mib) => mib / 1024);
    expect(
      fargateSizes.map(([cpu, list]) => [cpu / 1024, gib(list)[0], gib(list).at(-1), list.length]),
    ).toEqual([
      [0.25, 0.5, 2, 3],
      [0.5, 1, 4, 4],
      [1, 2, 8, 7],
      [2, 4, 16, 13],
      [4, 8, 30, 23],
      [8, 16, 60, 12],
      [16, 32, 120, 12],
      [32, 60, 244, 3],
    ]);
  });

  test.each(pairs)('$cpu units with $memory MiB is itself', (pair) => {
    expect(roundUp(pair)).toEqual(pair);
  });

  test.each([
    { cpu: 0, memory: 0, is: { cpu: 256, memory: 512 } },
    { cpu: 1, memory: 513, is: { cpu: 256, memory: 1024 } },
    { cpu: 256, memory: 2049, is: { cpu: 512, memory: 3072 } },
    { cpu: 257, memory: 1, is: { cpu: 512, memory: 1024 } },
    { cpu: 4096, memory: 31 * 1024, is: { cpu: 8192, memory: 32 * 1024 } },
    { cpu: 8192, memory: 61 * 1024, is: { cpu: 16384, memory: 64 * 1024 } },
    { cpu: 16384, memory: 121 * 1024, is: { cpu: 32768, memory: 244 * 1024 } },
  ])('$cpu units with $memory MiB is $is', ({ is, ...wanted }) => {
    expect(roundUp(wanted)).toEqual(is);
  });

  test.each([
    { cpu: 32769, memory: 1 },
    { cpu: 1, memory: 244 * 1024 + 1 },
  ])('there is none for $cpu units with $memory MiB', (wanted) => {
    expect(roundUp(wanted)).toBeUndefined();
  });
});

test.each([
  {
    why: 'containers add up',
    spec: { containers: [container('a', '250m', '64Mi'), container('b', '1', '1Gi')] },
    is: { cpu: 1280, memory: 1088 },
  },
  {
    why: 'an init container alone counts when it is the larger',
    spec: { containers: [container('a', '250m', '1Gi')], initContainers: [container('i', '2', '128Mi')] },
    is: { cpu: 2048, memory: 1024 },
  },
  {
    why: 'a sidecar runs with those after it',
    spec: {
      containers: [container('a', '500m', '100Mi')],
      initContainers: [
        { ...container('s', '500m', '100Mi'), restartPolicy: 'Always' },
        container('i', '1', '150Mi'),
      ],
    },
    is: { cpu: 1536, memory: 250 },
  },
  {
    why: 'limits stand for requests',
    spec: { containers: [{ name: 'a', resources: { limits: { cpu: '1', memory: '1Gi' } } }] },
    is: { cpu: 1024, memory: 1024 },
  },
])('$why', ({ spec, is }) => {
  expect(requested(spec as PodSpec)).toEqual(is);
});

test.each([
  ['20Gi', undefined],
  ['20.5Gi', 21],
  ['200Gi', 200],
  ['201Gi', Number.POSITIVE_INFINITY],
])('%s of disk is %s', (quantity, is) => {
  const spec = { containers: [{ name: 'a', resources: { requests: { 'ephemeral-storage': quantity } } }] };
  expect(diskSize(spec)).toBe(is);
});

test('hard limits are kept while they fit into the task together', () => {
  const all = [container('a', '100m', '100Mi', '300Mi'), container('b', undefined, '64Mi', '200Mi')];
  const initContainers = [container('i', '256m', '512Mi', '512Mi')];
  const sizes = (memory: number) =>
    Object.fromEntries(containerSizes({ containers: all, initContainers }, { cpu: 256, memory }));
  expect(sizes(512)).toEqual({
    a: { cpu: 102, memory: 300, memoryReservation: 100 },
    b: { memory: 200, memoryReservation: 64 },
  });
  const guaranteed = { containers: [container('a', undefined, '64Mi', '64Mi')] };
  expect(Object.fromEntries(containerSizes(guaranteed, { cpu: 256, memory: 512 }))).toEqual({
    a: { memory: 64 },
  });
  expect(sizes(499)).toEqual({ a: { cpu: 102, memoryReservation: 100 }, b: { memoryReservation: 64 } });
});
