import { expect, test } from '@jest/globals';
import type { Service } from '../shared/kinds/schema/types.ts';
import { serviceEnv } from '../shared/podspec/serviceEnv.ts';
import type { PodSources } from '../shared/ports/cloud.ts';
import { reachingApi } from './apiFromPods.ts';

const service = (namespace: string, name: string, port: number): Service => ({
  metadata: { namespace, name },
  spec: { clusterIP: '127.64.0.1', ports: [{ port }] },
});
const sources = {
  services: async () => [service('default', 'kubernetes', 443), service('ns', 'web', 80)],
} as unknown as PodSources;
const api = { address: '127.0.0.1', port: 6443 };

test.each([
  [1, '127.64.0.1', '443'],
  [443, '127.64.0.1', '443'],
  [1024, '127.0.0.1', '6443'],
  [Number.POSITIVE_INFINITY, '127.0.0.1', '6443'],
])('C4: where ports answer from %d on, Pods find the API at %s:%s', async (lowestPort, host, port) => {
  const services = await reachingApi(sources, lowestPort, api).services();
  expect(serviceEnv(services, 'ns', true)).toMatchObject({
    KUBERNETES_SERVICE_HOST: host,
    KUBERNETES_SERVICE_PORT: port,
    WEB_SERVICE_HOST: '127.64.0.1',
    WEB_SERVICE_PORT: '80',
  });
});
