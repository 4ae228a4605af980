import { readOnce } from '../../client/readOnce.ts';
import type { ObjectMeta, Pod } from '../../kinds/schema/types.ts';
import type { Surveyed } from '../../ports/cloud.ts';
import { same } from '../common/hash.ts';
import { isTerminal } from '../common/pods.ts';
import type { ObjectKey, ReconcileContext, Wake } from '../controller.ts';
import { pods } from '../resources.ts';
import { type Around, withOpenGates } from './gates.ts';
import { heldMs } from './letGo.ts';
import { statusOf } from './status.ts';

/** The key of one incarnation of a Pod: `<pod>/<uid>`. */
export const keyOfPod = ({
  namespace = '',
  name = '',
  uid = '',
}: Pick<ObjectMeta, 'namespace' | 'name' | 'uid'>): ObjectKey => ({ namespace, name: `${name}/${uid}` });

/**
 * Looks at all bound Pods of a logical cluster together, and wakes those that are not as their status says, that wait
 * for a step or that are to end now. A runtime that cannot survey has every Pod looked at.
 */
export async function surveyPods(cluster: string, ctx: ReconcileContext): Promise<Wake> {
  const { client, cloud, clock, env } = ctx;
  const here = new Set(cloud.pods.nodes().map(({ name }) => name));
  const bound = (await client.list(pods)).filter((pod) => here.has(pod.spec?.nodeName ?? '') && isOpen(pod));
  const [going, staying] = [bound.filter(isGoing), bound.filter((pod) => !isGoing(pod))];
  const seen = await (cloud.pods.survey?.(staying.map((pod) => surveyedOf(cluster, pod))) ??
    staying.map((pod) => surveyedOf(cluster, pod)));
  // Load balancers are seen once for all Pods.
  const around = { clock, env, client: readOnce(client) };
  const due = await passing(going, async (pod) => (await heldMs(pod, around)) <= 0);
  const moved = await passing(seen, (each) => differs(each, around));
  return { wake: [...due, ...moved.map(({ pod }) => pod)].map(({ metadata }) => keyOfPod(metadata)) };
}

const isGoing = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

/** What has ended is not looked at again until it is deleted. */
const isOpen = (pod: Pod): boolean => isGoing(pod) || !isTerminal(pod);

const surveyedOf = (cluster: string, pod: Pod): Surveyed => {
  const { namespace = '', name = '', uid = '' } = pod.metadata;
  return { ref: { cluster, namespace, name, uid }, pod };
};

async function passing<T>(all: readonly T[], test: (each: T) => Promise<boolean>): Promise<T[]> {
  const passed = await Promise.all(all.map(test));
  return all.filter((_, i) => passed[i]);
}

/** Says whether a run would tell something new, or find something to do. */
async function differs({ pod, seen }: Surveyed, around: Around): Promise<boolean> {
  const hasDeadline = pod.spec?.activeDeadlineSeconds !== undefined;
  if (!seen || seen.stopped || hasDeadline) return true;
  const shown = await withOpenGates(pod, seen, around);
  return !same(statusOf(shown, seen, around.clock.now()), pod.status);
}
