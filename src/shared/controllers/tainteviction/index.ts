import { formatTime } from '../../clock/clock.ts';
import type { Node, Pod } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { parallel } from '../common/parallel.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { nodes, pods } from '../resources.ts';
import { driving, plan, timed } from './plan.ts';

/** Deletes Pods that do not tolerate a NoExecute taint of their Node, when their patience with it ends. */
export const taintEviction: Controller = {
  name: 'taint-eviction-controller',
  watches: [
    watching<Node>({
      resource: nodes,
      keys: (node, old) => (old && old !== node && same(driving(node), driving(old)) ? [] : [keyOf(node)]),
    }),
    watching<Pod>({
      resource: pods,
      async keys({ spec }, old, { client, deleted }) {
        if (deleted || !spec?.nodeName || old?.spec?.nodeName === spec.nodeName) return [];
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

async function drive(pod: Pod, { client, clock, events }: ReconcileContext): Promise<void> {
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  const message = `Marking for deletion Pod ${namespace}/${name}`;
  events(pod, { type: 'Normal', reason: 'TaintManagerEviction', message });
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: formatTime(clock.now()),
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
  };
  const conditions = [...(pod.status?.conditions ?? []).filter((c) => c.type !== condition.type), condition];
  await unlessGone(client.updateStatus(pods, { ...pod, status: { ...pod.status, conditions } }));
  await unlessGone(client.delete(pods, namespace, name, { uid }));
}
