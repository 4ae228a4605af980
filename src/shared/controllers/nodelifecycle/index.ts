import { formatTime } from '../../clock/clock.ts';
import type { Node } from '../../kinds/schema/types.ts';
import { leaseNamespace } from '../common/nodeLeases.ts';
import { type Controller, keyOf, watching } from '../controller.ts';
import { leases, nodes } from '../resources.ts';
import { isPosted, neverPosted } from './neverPosted.ts';
import { taintsFor } from './plan.ts';

/**
 * Turns the conditions of a Node and `kubectl cordon` into taints, so that schedulers and evictions read only taints. Sets
 * the conditions of a Node that never reported to Unknown. It does not watch Leases, but reads each when it is due.
 */
export const nodeLifecycle: Controller = {
  name: 'node-lifecycle-controller',
  watches: [watching<Node>({ resource: nodes, keys: (node) => [keyOf(node)] })],

  async reconcile({ name }, { client, clock }) {
    const node = await client.get(nodes, '', name);
    if (!node || node.metadata.deletionTimestamp) return undefined;
    const silence = isPosted(node)
      ? undefined
      : neverPosted(node, await client.get(leases, leaseNamespace, name), clock.now());
    if (silence && 'conditions' in silence) {
      // The change brings this Node here again, for its taints.
      await client.updateStatus(nodes, { ...node, status: { ...node.status, ...silence } });
      return undefined;
    }
    const taints = taintsFor(node, formatTime(clock.now()));
    if (taints) {
      const { resourceVersion } = node.metadata;
      const spec = { taints: taints.length > 0 ? taints : null };
      await client.patch(nodes, '', name, { metadata: { resourceVersion }, spec });
    }
    return silence && { requeueAfterMs: silence.waitMs };
  },
};
