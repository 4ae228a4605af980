import type { Node, Pod } from '../../kinds/schema/types.ts';
import { unlessGone } from '../common/ignore.ts';
import { parallel } from '../common/parallel.ts';
import { isTerminal } from '../common/pods.ts';
import { type Controller, watching } from '../controller.ts';
import { nodes, pods } from '../resources.ts';
import { plan } from './plan.ts';

const all = [{ namespace: '', name: 'pods' }];

/** Deletes Pods that nothing else removes: those of missing Nodes, and ended ones beyond the limit. */
export const podGarbage: Controller = {
  group: 'pods',
  name: 'pod-garbage-collector',
  watches: [
    watching<Node>({ resource: nodes, keys: (_, __, { deleted }) => (deleted ? all : []) }),
    watching<Pod>({
      resource: pods,
      keys: (pod, _, { deleted }) =>
        !deleted && (isTerminal(pod) || (pod.metadata.deletionTimestamp && !pod.spec?.nodeName)) ? all : [],
    }),
  ],
  always: () => all,

  async reconcile(_, { client, cloud }) {
    const registered = await client.list(nodes);
    // Before the runtime's own Nodes stand there, no Pod is without one.
    const own = cloud.pods.nodes().map(({ name }) => ({ metadata: { name } }));
    await parallel(plan(await client.list(pods), [...registered, ...own]), 16, async (pod) => {
      const { namespace = '', name = '', uid = '', finalizers = [] } = pod.metadata;
      // A controller that holds the object by a finalizer, such as Job, waits until the Pod has ended.
      if (finalizers.length > 0 && !isTerminal(pod))
        await unlessGone(client.patch(pods, namespace, name, { status: { phase: 'Failed' } }, 'status'));
      await unlessGone(client.delete(pods, namespace, name, { uid, gracePeriodSeconds: 0 }));
    });
    return undefined;
  },
};
