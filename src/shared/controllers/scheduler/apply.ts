import { formatTime } from '../../clock/clock.ts';
import { isReason } from '../../errors/apiError.ts';
import type { PersistentVolumeClaim, Pod, PodCondition } from '../../kinds/schema/types.ts';
import { disrupt } from '../common/disrupt.ts';
import { unlessGone } from '../common/ignore.ts';
import { conditionOf, withCondition } from '../common/pods.ts';
import type { ReconcileContext } from '../controller.ts';
import { annotations } from '../persistentvolume/names.ts';
import { persistentVolumeClaims, pods } from '../resources.ts';
import type { Plan } from './plan.ts';

/** Binds a Pod to its Node. */
export async function assign(pod: Pod, node: string, { client, events }: ReconcileContext): Promise<void> {
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

/** Says on the Pod and by an Event why it has no Node, and which one it has been promised. */
export async function refuse(
  { pod, message, nominate }: Plan['unschedulable'][number],
  { client, clock, events }: ReconcileContext,
): Promise<void> {
  const current = conditionOf(pod, 'PodScheduled');
  const isTold = current?.status === 'False' && current.message === message;
  const before = pod.status?.nominatedNodeName ?? '';
  const after = nominate ?? before;
  if (isTold && after === before) return;
  if (!isTold) events(pod, { type: 'Warning', reason: 'FailedScheduling', message, action: 'Scheduling' });
  const condition: PodCondition = {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: current?.lastTransitionTime ?? formatTime(clock.now()),
    reason: 'Unschedulable',
    message,
    ...(pod.metadata.generation && { observedGeneration: pod.metadata.generation }),
  };
  const { nominatedNodeName: _, ...status } = withCondition(pod, condition);
  await unlessGone(
    client.updateStatus(pods, { ...pod, status: { ...status, ...(after && { nominatedNodeName: after }) } }),
  );
}

/** Has a Pod leave its Node, in its own time, for one of higher priority. */
export async function evict(
  { victim, by, node }: Plan['evict'][number],
  ctx: ReconcileContext,
): Promise<void> {
  if (victim.metadata.deletionTimestamp) return;
  const why = `${by.spec?.schedulerName}: preempting to accommodate a higher priority pod`;
  await disrupt(victim, { reason: 'PreemptionByScheduler', message: why }, ctx);
  const message = `Preempted by pod ${by.metadata.uid} on node ${node}`;
  ctx.events(victim, { type: 'Normal', reason: 'Preempted', message, action: 'Preempting' });
}

/** Says for which Node a claim needs its volume. */
export async function select(
  { metadata }: PersistentVolumeClaim,
  node: string,
  { client }: ReconcileContext,
): Promise<void> {
  if (metadata.annotations?.[annotations.selectedNode] === node) return;
  const { namespace = '', name = '', resourceVersion } = metadata;
  await unlessGone(
    client.patch(persistentVolumeClaims, namespace, name, {
      metadata: { resourceVersion, annotations: { [annotations.selectedNode]: node } },
    }),
  );
}
