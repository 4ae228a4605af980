import type { Reader } from '../../client/client.ts';
import type {
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Pod,
  Service,
  StatefulSet,
} from '../../kinds/schema/types.ts';
import type { Demand, ServiceRef } from '../../ports/cloud.ts';
import { asleepAnnotation } from '../../ports/demand.ts';
import type { WorkKey } from '../controller.ts';
import { selectsPod } from '../endpoints/members.ts';
import {
  deployments,
  horizontalPodAutoscalers,
  ingresses,
  pods,
  services,
  statefulSets,
} from '../resources.ts';
import { type Ask, askOf, goingAnnotation, namesOf } from './annotations.ts';
import type { Observed } from './plan.ts';
import { isBehind, labelOf, servicesBehind, sizeOf, type Workload } from './workload.ts';

/** No function that was about to scale something to zero goes on after so long, in milliseconds. */
const goingMs = 90_000;

/** Is what a run looks at. */
export interface Seen {
  service: Service | undefined;
  observed: Observed;
  /** The Service and the others that lead to the same Pods and are annotated: these sleep together. */
  together: ServiceRef[];
}

/** Reads what is around a Service: lists of its namespace, and what is known of its use. */
export async function observe(key: WorkKey, client: Reader, demand: Demand, now: number): Promise<Seen> {
  const { namespace, name } = key;
  const service = await client.get(services, namespace, name);
  const all = await workloadsIn(namespace, client);
  const leaving = all.filter(({ object }) => servicesBehind(object).includes(name));
  const isMarked = service?.metadata.annotations?.[asleepAnnotation] !== undefined;
  const goingSince = Date.parse(service?.metadata.annotations?.[goingAnnotation] ?? '');
  const isGoing = now - goingSince < goingMs;
  const idle = { isMarked, isGoing, pods: [], lastUsed: undefined, isWanted: false, now };
  if (!service || service.metadata.deletionTimestamp) {
    const near = leaving.length > 0 ? await client.list(pods, { namespace }) : [];
    return {
      service: undefined,
      observed: { ...idle, pods: near, ask: undefined, workloads: leaving },
      together: [],
    };
  }
  const near = await client.list(ingresses, { namespace });
  const own = askOf(service, near);
  const selected = (await client.list(pods, { namespace })).filter((pod: Pod) => selectsPod(service, pod));
  const workloads = all.filter((each) => leaving.includes(each) || isBehind(each, service));
  if (!own) return { service, observed: { ...idle, ask: own, workloads, pods: selected }, together: [] };
  const others = (await client.list(services, { namespace })).filter(
    (other) => other.metadata.name !== name && workloads.some((each) => isBehind(each, other)),
  );
  const autoscalers = await client.list(horizontalPodAutoscalers, { namespace });
  const ask = judged(own, { service, others, near, workloads, autoscalers, demand });
  const annotated = [service, ...others.filter((other) => askOf(other, near) && !isHeadless(other))];
  const together = annotated.map(({ metadata }) => refOf(key.cluster, metadata));
  // It may cost something to know, and what sleeps is not asked for.
  const runs = workloads.some((each) => sizeOf(each) > 0);
  const used = await Promise.all(together.map((ref) => (runs ? demand.lastUsed(ref) : undefined)));
  const lastUsed = used.includes(undefined) ? undefined : Math.max(...used.map((at) => at ?? 0));
  const isWanted = (await Promise.all(together.map((ref) => demand.isWanted(ref)))).includes(true);
  return {
    service,
    observed: { ask, isMarked, isGoing, workloads, pods: selected, lastUsed, isWanted, now },
    together,
  };
}

interface Around {
  service: Service;
  /** Other Services that lead to the same Pods. */
  others: Service[];
  near: Ingress[];
  workloads: Workload[];
  autoscalers: HorizontalPodAutoscaler[];
  demand: Demand;
}

/** What a Service asks for, as far as what is around it lets it. Of several with the same Pods the most patient one counts. */
function judged(own: Ask, { service, others, near, workloads, autoscalers, demand }: Around): Ask {
  if ('refused' in own) return own;
  const named = near.some((ingress) => namesOf(ingress).includes(service.metadata.name ?? ''));
  const why = demand.refuses(service, { isBehindIngress: named });
  if (why) return { refused: why };
  for (const each of workloads) {
    const scaler = autoscalers.find(({ spec }) => isTarget(spec?.scaleTargetRef, each));
    if (scaler) {
      const least = scaler.spec?.minReplicas ?? 1;
      return {
        refused: `HorizontalPodAutoscaler ${scaler.metadata.name} gives ${labelOf(each)} its size: ${least} at least`,
      };
    }
  }
  let { afterMs } = own;
  for (const other of others.filter((each) => !isHeadless(each))) {
    const theirs = askOf(other, near);
    if (!theirs || 'refused' in theirs)
      return { refused: `Service ${other.metadata.name} leads to the same Pods and does not ask for it` };
    afterMs = Math.max(afterMs, theirs.afterMs);
  }
  return { afterMs };
}

/** Nobody counts who comes by one, such as that of a StatefulSet. */
const isHeadless = ({ spec }: Service): boolean => spec?.clusterIP === 'None';

const isTarget = (
  target: { apiVersion?: string; kind: string; name: string } | undefined,
  { kind, object }: Workload,
): boolean =>
  target?.kind === kind &&
  target.name === object.metadata.name &&
  (target.apiVersion ?? '').startsWith('apps/');

async function workloadsIn(namespace: string, client: Reader): Promise<Workload[]> {
  const [made, sets] = await Promise.all([
    client.list(deployments, { namespace }),
    client.list(statefulSets, { namespace }),
  ]);
  return [
    ...made.map((object: Deployment): Workload => ({ kind: 'Deployment', object })),
    ...sets.map((object: StatefulSet): Workload => ({ kind: 'StatefulSet', object })),
  ];
}

/** Names a Service of a logical cluster. */
export const refOf = (
  cluster: string,
  { namespace = '', name = '', uid = '' }: Service['metadata'],
): ServiceRef => ({
  cluster,
  namespace,
  name,
  uid,
});
