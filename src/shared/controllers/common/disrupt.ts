import { formatTime } from '../../clock/clock.ts';
import type { Pod, PodCondition } from '../../kinds/schema/types.ts';
import type { ReconcileContext } from '../controller.ts';
import { pods } from '../resources.ts';
import { unlessGone } from './ignore.ts';
import { withCondition } from './pods.ts';

/** Says on a Pod for what it has to go, and deletes it: this Pod, and no later one of its name. */
export async function disrupt(
  pod: Pod,
  why: { reason: string; message: string },
  { client, clock }: Pick<ReconcileContext, 'client' | 'clock'>,
): Promise<void> {
  const { namespace = '', name = '', uid } = pod.metadata;
  const condition: PodCondition = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: formatTime(clock.now()),
    ...why,
  };
  await unlessGone(client.updateStatus(pods, { ...pod, status: withCondition(pod, condition) }));
  await unlessGone(client.delete(pods, namespace, name, { ...(uid && { uid }) }));
}
