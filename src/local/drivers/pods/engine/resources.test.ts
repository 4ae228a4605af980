import { expect, test } from '@jest/globals';
import { engineResources, resizing } from './resources.ts';

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
  expect(resizing('docker', '/containers/c', requested)).toEqual({
    path: '/containers/c/update',
    body: { CpuShares: 51, CpuQuota: -1, CpuPeriod: 100_000 },
  });
});

test('a container that runs gets the limits that it had not', () => {
  expect(resizing('docker', '/containers/c', limited).body).toEqual(engineResources(limited));
});

test('Podman is asked in the words of runtimes', () => {
  expect(resizing('podman', '/containers/c', limited)).toEqual({
    path: '/libpod/containers/c/update',
    body: {
      cpu: { shares: 51, quota: 10_000, period: 100_000 },
      memory: { limit: 67_108_864, swap: 67_108_864 },
    },
  });
  expect(resizing('podman', '/containers/c', requested).body).toEqual({
    cpu: { shares: 51, quota: -1, period: 100_000 },
  });
});
