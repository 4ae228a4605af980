import { formatTime } from '../../clock/clock.ts';
import type { Node, Pod } from '../../kinds/schema/types.ts';
import { disrupt } from '../common/disrupt.ts';
import { same } from '../common/hash.ts';
import { parallel } from '../common/parallel.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { nodes, pods } from '../resources.ts';
import { driving, plan, timed } from './plan.ts';

/** Deletes Pods that do not tolerate a NoExecute taint of their Node, when their `tolerationSeconds` are over. */
export const taintEviction: Controller = {
  name: 'taint-eviction-controller',
  watches: [
    watching<Node>({
      resource: nodes,
      keys: (node, old) => (old && old !== node && same(driving(node), driving(old)) ? [] : [keyOf(node)]),
    }),
    watching<Pod>({
      resource: pods,
      async keys(pod, old, { client, deleted }) {
        const { spec } = pod;
        if (deleted || !spec?.nodeName || (old && same(concerning(pod), concerning(old)))) return [];
        const node = await client.get(nodes, '', spec.nodeName);
        return node && driving(node).length > 0 ? [keyOf(node)] : [];
      },
    }),
  ],

  async reconcile({ name }, ctx) {
    const { client, clock } = ctx;
    const node = await client.get(nodes, '', name);
    const taints = node ? driving(node) : [];
    if (!node || taints.length === 0) return undefined;
    const here = (await client.list(pods)).filter(({ spec }) => spec?.nodeName === name);
    const { evict, requeueAfterMs } = plan(taints, here, clock.now());
    await parallel(evict, 16, (pod) => drive(pod, ctx));
    if (requeueAfterMs === undefined) return undefined;
    // The next run needs to know when the taint was added.
    const dated = timed(node.spec?.taints ?? [], formatTime(clock.now()));
    const { resourceVersion } = node.metadata;
    if (dated)
      await client.patch(nodes, '', name, { metadata: { resourceVersion }, spec: { taints: dated } });
    return { requeueAfterMs };
  },
};

/** Is what of a Pod says where it is and how long it stays there. */
const concerning = ({ spec }: Pod) => [spec?.nodeName, spec?.tolerations];

async function drive(pod: Pod, ctx: ReconcileContext): Promise<void> {
  const { namespace, name } = pod.metadata;
  const message = `Marking for deletion Pod ${namespace}/${name}`;
  ctx.events(pod, { type: 'Normal', reason: 'TaintManagerEviction', message });
  const why = 'Taint manager: deleting due to NoExecute taint';
  await disrupt(pod, { reason: 'DeletionByTaintManager', message: why }, ctx);
}
