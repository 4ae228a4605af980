import { expect, test } from '@jest/globals';
import type { Service } from '../../kinds/schema/types.ts';
import type { ServiceRef } from '../../ports/cloud.ts';
import type { LoadBalancers } from '../../ports/loadBalancers.ts';
import type { ReconcileContext } from '../controller.ts';
import { service } from './index.ts';

/** Runs the controller for a key that is no Service. Answers what balancers were told to expect. */
async function expectedAfter(namespace: string, name: string): Promise<string[]> {
  const told: string[] = [];
  const loadBalancers: LoadBalancers = {
    ensure: async () => [],
    remove: async () => {},
    list: async () => [],
    expect: (cluster: string, refs: ServiceRef[]) =>
      void told.push(
        ...refs.map((ref) => `${cluster} ${ref.cluster}/${ref.namespace}/${ref.name} ${ref.uid}`),
      ),
  };
  const web: Service = { metadata: { namespace: 'shop', name: 'web', uid: 'u1' } };
  const client = {
    get: async () => undefined,
    list: async (resource: { plural: string }) => (resource.plural === 'services' ? [web] : []),
  };
  const ctx = { client, cloud: { loadBalancers } } as unknown as ReconcileContext;
  await service.reconcile({ cluster: 'red', namespace, name }, ctx);
  return told;
}

test.each([
  ['when a logical cluster starts', '', service.always!({} as never)[0]!.name],
  ['when one is gone', 'shop', 'gone'],
])('load balancers hear of all Services %s', async (_, namespace, name) => {
  expect(await expectedAfter(namespace, name)).toEqual(['red red/shop/web u1']);
});
