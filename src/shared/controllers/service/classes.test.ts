import { expect, test } from '@jest/globals';
import type { Service } from '../../kinds/schema/types.ts';
import type { LoadBalancers } from '../../ports/loadBalancers.ts';
import type { ReconcileContext } from '../controller.ts';
import { service } from './index.ts';

/** Returns what a run writes of a Service of that class, where load balancers are made of the class `ours.example.com/nlb`. */
async function writtenOf(loadBalancerClass: string | undefined): Promise<unknown[]> {
  const ingress = [{ ip: '192.0.2.9' }];
  const object = {
    metadata: { namespace: 'shop', name: 'web', uid: 'u1' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...(loadBalancerClass && { loadBalancerClass }) },
    status: { loadBalancer: { ingress } },
  } as Service;
  const written: unknown[] = [];
  const loadBalancers: LoadBalancers = {
    classes: ['ours.example.com/nlb'],
    ensure: async () => [],
    remove: async () => {},
    list: async () => [],
  };
  const client = {
    get: async () => object,
    list: async () => [],
    patch: async (...[, , , patch]: unknown[]) => {
      written.push(patch);
      return object;
    },
    updateStatus: async (_: unknown, { status }: Service) => {
      written.push(status?.loadBalancer);
      return object;
    },
  };
  const ctx = { client, cloud: { loadBalancers }, events: () => {} } as unknown as ReconcileContext;
  await service.reconcile({ cluster: 'red', namespace: 'shop', name: 'web' }, ctx);
  return written;
}

test('the load balancer of another class is somebody else’s: neither a finalizer nor a status is written', async () => {
  expect(await writtenOf('theirs.example.com/lb')).toEqual([]);
  const finalizers = ['service.kubernetes.io/load-balancer-cleanup'];
  const ours = [expect.objectContaining({ metadata: expect.objectContaining({ finalizers }) }), {}];
  expect(await writtenOf(undefined)).toEqual(ours);
  expect(await writtenOf('ours.example.com/nlb')).toEqual(ours);
});
