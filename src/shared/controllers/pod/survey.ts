import type { ObjectMeta, Pod } from '../../kinds/schema/types.ts';
import type { Surveyed } from '../../ports/cloud.ts';
import { balancerCondition, gatedServices, isGateOpen } from '../common/balancing.ts';
import { same } from '../common/hash.ts';
import { conditionOf, isTerminal } from '../common/pods.ts';
import type { ObjectKey, ReconcileContext, Wake } from '../controller.ts';
import { pods } from '../resources.ts';
import { statusOf } from './status.ts';

/** The key of one incarnation of a Pod: `<pod>/<uid>`. */
export const keyOfPod = ({
  namespace = '',
  name = '',
  uid = '',
}: Pick<ObjectMeta, 'namespace' | 'name' | 'uid'>): ObjectKey => ({ namespace, name: `${name}/${uid}` });

/**
 * Looks at all bound Pods of a logical cluster together, and wakes those that are not as their status says, that wait
 * for a step or that are to end. A runtime that cannot survey has every Pod looked at.
 */
export async function surveyPods(cluster: string, ctx: ReconcileContext): Promise<Wake> {
  const { client, cloud, clock } = ctx;
  const here = new Set(cloud.pods.nodes().map(({ name }) => name));
  const bound = (await client.list(pods)).filter((pod) => here.has(pod.spec?.nodeName ?? '') && isOpen(pod));
  const [going, staying] = [bound.filter(isGoing), bound.filter((pod) => !isGoing(pod))];
  const seen = await (cloud.pods.survey?.(staying.map((pod) => surveyedOf(cluster, pod))) ??
    staying.map((pod) => surveyedOf(cluster, pod)));
  const moved = seen.filter((each) => differs(each, clock.now())).map(({ pod }) => pod);
  return { wake: [...going, ...moved].map(({ metadata }) => keyOfPod(metadata)) };
}

const isGoing = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

/** What has ended is not looked at again until it is deleted. */
const isOpen = (pod: Pod): boolean => isGoing(pod) || !isTerminal(pod);

const surveyedOf = (cluster: string, pod: Pod): Surveyed => {
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  return { ref: { cluster, namespace, name, uid }, pod };
};

/** What is due by time or by another object may have lost the message that says so. */
function differs({ pod, seen }: Surveyed, now: number): boolean {
  const hasDeadline = pod.spec?.activeDeadlineSeconds !== undefined;
  if (!seen || seen.stopped || hasDeadline || waitsForGate(pod)) return true;
  return !same(statusOf(pod, seen, now), pod.status);
}

const waitsForGate = (pod: Pod): boolean =>
  conditionOf(pod, 'ContainersReady')?.status === 'True' &&
  gatedServices(pod).some((name) => !isGateOpen(pod, balancerCondition(name)));
