import { formatTime } from '../../clock/clock.ts';
import { isReason } from '../../errors/apiError.ts';
import type { Node, PersistentVolumeClaim, Pod } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import { parallel } from '../common/parallel.ts';
import { conditionOf, isTerminal } from '../common/pods.ts';
import { type Controller, type ReconcileContext, watching } from '../controller.ts';
import { claimNames } from '../persistentvolume/inUse.ts';
import { nodes, persistentVolumeClaims, pods } from '../resources.ts';
import type { Claims } from './claims.ts';
import { isPending, plan } from './plan.ts';

/** One key for the whole cluster: a batch of Pods is placed in one look at the Nodes. */
const everything = [{ namespace: '', name: 'pods' }];

export const scheduler: Controller = {
  name: 'default-scheduler',
  watches: [
    watching<Pod>({
      resource: pods,
      // New Pods want a place; those that end leave one.
      keys: (pod, old, { deleted }) =>
        deleted || (isTerminal(pod) && !(old && isTerminal(old))) || (!deleted && isPending(pod))
          ? everything
          : [],
    }),
    watching<Node>({
      resource: nodes,
      keys: (node, old, { deleted }) =>
        !deleted && old && same(places(node), places(old)) ? [] : everything,
    }),
    watching<PersistentVolumeClaim>({
      resource: persistentVolumeClaims,
      keys: (claim, old) => (claim.status?.phase === old?.status?.phase ? [] : everything),
    }),
  ],

  async reconcile(_, ctx) {
    const all = await ctx.client.list(pods);
    if (!all.some(isPending)) return undefined;
    const { bind, unschedulable } = plan(
      all,
      await ctx.client.list(nodes),
      await claimsOf(all.filter(isPending), ctx),
    );
    await parallel(bind, 64, ({ pod, node }) => assign(pod, node, ctx));
    await parallel(unschedulable, 16, ({ pod, message }) => refuse(pod, message, ctx));
    return undefined;
  },
};

/** Most Pods mount none, and cost no look at any. */
async function claimsOf(pending: Pod[], { client }: ReconcileContext): Promise<Claims> {
  if (!pending.some((pod) => claimNames(pod).length > 0)) return new Map();
  const all = await client.list(persistentVolumeClaims);
  return new Map(all.map((claim) => [`${claim.metadata.namespace}/${claim.metadata.name}`, claim]));
}

/** What of a Node decides about places; heartbeats do not. */
const places = ({ metadata, spec, status }: Node) => [
  metadata.labels,
  spec,
  status?.allocatable,
  status?.conditions?.find((c) => c.type === 'Ready')?.status,
];

async function assign(pod: Pod, node: string, { client, events }: ReconcileContext): Promise<void> {
  const { namespace = '', name = '', uid } = pod.metadata;
  try {
    await client.createSubresource(pods, namespace, name, 'binding', {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    });
  } catch (error) {
    // Gone, or placed by someone else: the next event says which.
    if (isReason(error, 'NotFound', 'Conflict')) return;
    throw error;
  }
  const message = `Successfully assigned ${namespace}/${name} to ${node}`;
  events(pod, { type: 'Normal', reason: 'Scheduled', message, action: 'Binding' });
}

async function refuse(pod: Pod, message: string, { client, clock, events }: ReconcileContext): Promise<void> {
  const current = conditionOf(pod, 'PodScheduled');
  if (current?.status === 'False' && current.message === message) return;
  events(pod, { type: 'Warning', reason: 'FailedScheduling', message, action: 'Scheduling' });
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: current?.lastTransitionTime ?? formatTime(clock.now()),
    reason: 'Unschedulable',
    message,
  };
  const conditions = [...(pod.status?.conditions ?? []).filter((c) => c.type !== 'PodScheduled'), condition];
  await client.updateStatus(pods, { ...pod, status: { ...pod.status, conditions } });
}
