import { expect, test } from '@jest/globals';
import { holds } from '../../kinds/shallop.dev/v1/logicalcluster/strategy.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { ServiceRef } from '../../ports/cloud.ts';
import type { LoadBalancers } from '../../ports/loadBalancers.ts';
import type { ReconcileContext } from '../controller.ts';
import { clusterServices } from './release.ts';

/** Takes `removals` tries until nothing of a Service is left, as EC2 does with security groups. */
function slowBalancers(removals: number): LoadBalancers {
  let left = removals;
  const ref: ServiceRef = { cluster: 'red', namespace: 'shop', name: 'web', uid: 'u1' };
  return {
    ensure: async () => [],
    remove: async () => {
      left--;
    },
    list: async () => (left > 0 ? [ref] : []),
  };
}

/** Runs the controller once. Answers when it wants to look again, and which finalizers it left. */
async function run(loadBalancers: LoadBalancers) {
  const going: KubeObject = {
    metadata: { name: 'red', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: [holds.services] },
  };
  let finalizers = going.metadata.finalizers;
  const client = {
    get: async () => going,
    patch: async (_resource: unknown, _namespace: string, _name: string, patch: KubeObject) => {
      finalizers = patch.metadata.finalizers;
    },
  };
  const env = { clients: () => client };
  const ctx = { client, cloud: { loadBalancers }, env } as unknown as ReconcileContext;
  const again = await clusterServices.reconcile({ cluster: 'default', namespace: '', name: 'red' }, ctx);
  return { again, finalizers };
}

test('a logical cluster is let go of in the run that removes the last load balancer', async () => {
  expect(await run(slowBalancers(1))).toEqual({ again: undefined, finalizers: [] });
});

test('a logical cluster stays as long as the cloud still holds something of its Services', async () => {
  const balancers = slowBalancers(2);
  expect(await run(balancers)).toEqual({ again: { requeueAfterMs: 10_000 }, finalizers: [holds.services] });
  expect(await run(balancers)).toEqual({ again: undefined, finalizers: [] });
});
