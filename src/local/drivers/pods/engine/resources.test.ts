import { expect, test } from '@jest/globals';
import { changedResources, engineResources } from './resources.ts';

const limited = { limits: { cpu: '100m', memory: '64Mi' }, requests: { cpu: '50m' } };
const requested = { requests: { cpu: '50m', memory: '64Mi' } };

test('limits are a quota of the processors, and memory without swap', () => {
  expect(engineResources(limited)).toEqual({
    CpuShares: 51,
    CpuQuota: 10_000,
    CpuPeriod: 100_000,
    Memory: 67_108_864,
    MemorySwap: 67_108_864,
  });
});

test('a container that runs and has no limit of memory is told none: Docker refuses a number below 6 MiB', () => {
  expect(changedResources(requested)).toEqual({ CpuShares: 51, CpuQuota: -1, CpuPeriod: 100_000 });
});

test('a container that runs gets the limits that it had not', () => {
  expect(changedResources(limited)).toEqual(engineResources(limited));
});
