import { formatTime } from '../../clock/clock.ts';
import { goDuration } from '../../clock/goDuration.ts';
import { isReason } from '../../errors/apiError.ts';
import type { Resource } from '../../kinds/kind.ts';
import type { Deployment, Ingress, Pod, Scale, Service, StatefulSet } from '../../kinds/schema/types.ts';
import type { Demand, ServiceRef } from '../../ports/cloud.ts';
import { afterAnnotation, asleepAnnotation } from '../../ports/demand.ts';
import { same } from '../common/hash.ts';
import {
  type Controller,
  keyOf,
  type ReconcileContext,
  type Requeue,
  type WorkKey,
  watching,
} from '../controller.ts';
import { deployments, ingresses, services, statefulSets } from '../resources.ts';
import { goingAnnotation, isMarked, namesOf } from './annotations.ts';
import { observe, type Seen } from './observe.ts';
import { type Plan, plan, sleepMessage, wakeMessage } from './plan.ts';
import {
  asleep,
  awake,
  forgotten,
  isOf,
  servicesBehind,
  sizeOf,
  sizeWhenAwake,
  type Workload,
} from './workload.ts';

/**
 * Scales the workloads behind a Service to zero after the idle time of its annotation, and back when a connection waits.
 * Its keys are Services.
 */
export const scaleToZero: Controller = {
  name: 'scale-to-zero',
  isFor: ({ demand }) => demand !== undefined,
  watches: [
    watching<Service>({
      resource: services,
      keys: (service, old) => (isMarked(service) || (old && isMarked(old)) ? [keyOf(service)] : []),
    }),
    watching<Ingress>({
      resource: ingresses,
      keys: (ingress, old) =>
        [ingress, ...(old ? [old] : [])]
          .filter((each) => each.metadata.annotations?.[afterAnnotation] !== undefined)
          .flatMap((each) => namesOf(each).map((name) => ({ ...keyOf(each), name }))),
    }),
    watching<Deployment>({ resource: deployments, keys: ofWorkload }),
    watching<StatefulSet>({ resource: statefulSets, keys: ofWorkload }),
  ],
  async *wakes({ demand }, signal) {
    if (demand) yield* demand.wanted(signal);
  },

  async reconcile(key, ctx): Promise<Requeue | undefined> {
    const { againMs } = await look(key, ctx);
    return againMs === undefined ? undefined : { requeueAfterMs: againMs };
  },
};

/** Only what was put to sleep is of interest: whatever runs is looked at when its silence may be over. */
function ofWorkload(object: Deployment | StatefulSet, old: Deployment | StatefulSet | undefined) {
  const { namespace = '' } = object.metadata;
  const names = [object, ...(old ? [old] : [])].flatMap(servicesBehind);
  return [...new Set(names)].map((name) => ({ namespace, name }));
}

/** Is what looking at a Service takes of a run's context. */
export type SettleContext = Pick<ReconcileContext, 'client' | 'clock' | 'events'> & {
  cloud: Pick<ReconcileContext['cloud'], 'demand'>;
};

/** What came of looking at a Service. */
export interface Looked {
  /** Says when to look again; undefined: when something changes. */
  againMs: number | undefined;
  /** What was to have Pods as it was looked at. */
  running: Workload[];
}

/** Looks at a Service once, and does what is to be done. */
export async function look(key: WorkKey, ctx: SettleContext): Promise<Looked> {
  const { demand } = ctx.cloud;
  if (!demand) return { againMs: undefined, running: [] };
  const seen = await observe(key, ctx.client, demand, ctx.clock.now());
  const againMs = await apply(key, seen, plan(seen.observed), demand, ctx);
  return {
    againMs,
    running: seen.observed.isGoing ? [] : seen.observed.workloads.filter((each) => sizeOf(each) > 0),
  };
}

/**
 * Returns the addresses of the Pods whose workloads are not to sleep as was last written. What was read may be a moment old, and
 * say of one that was just put to sleep that it runs.
 */
async function addressesOf(
  stay: Pod[],
  workloads: Workload[],
  { client }: SettleContext,
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { kind, object } of workloads) {
    const { namespace = '', name = '' } = object.metadata;
    const resource = (kind === 'Deployment' ? deployments : statefulSets) as unknown as Resource<Scale>;
    // A patch that says nothing reads what is stored, past any cache.
    const { spec } = await client.patch(resource, namespace, name, {}, 'scale');
    if (!spec?.replicas) continue;
    for (const pod of stay) if (isOf({ kind, object } as Workload, pod)) found.add(pod.status?.podIP ?? '');
  }
  return found;
}

/** Says how soon to look again when somebody came at the last moment, or is still being led to the Pods. */
const pendingMs = 1_000;
/** … and when somebody changed the Service meanwhile. */
const changedMs = 100;

async function apply(
  key: WorkKey,
  { service, observed, together }: Seen,
  todo: Plan,
  demand: Demand,
  ctx: SettleContext,
): Promise<number | undefined> {
  const [ref] = together;
  if (todo.refused && service)
    ctx.events(service, {
      type: 'Warning',
      reason: 'ScaleToZeroRefused',
      message: `Never scaled to zero: ${todo.refused}`,
    });
  if (ref && !todo.refused) {
    await demand.follow(ref, todo.mayWait);
    for (const each of together)
      await demand.restore(each, () => addressesOf(todo.stay, observed.workloads, ctx));
  } else await demand.forget({ ...key, uid: service?.metadata.uid ?? '' });
  for (const each of todo.forget) await write(forgotten(each), ctx);
  for (const each of todo.wake) {
    await write(awake(each), ctx);
    tell(service, each, 'Activated', wakeMessage(each, sizeWhenAwake(each), observed.isWanted), ctx);
  }
  if (todo.wake.length > 0 && service) await annotate(service, { [goingAnnotation]: undefined }, ctx);
  if (todo.mark !== undefined && service) {
    const since = todo.mark ? formatTime(ctx.clock.now()) : undefined;
    const changes = { [asleepAnnotation]: since, ...(!todo.mark && { [goingAnnotation]: undefined }) };
    if (!(await annotate(service, changes, ctx))) return changedMs;
  }
  return todo.sleep.length > 0
    ? putToSleep(service, todo.sleep, together, observed, demand, ctx)
    : todo.againMs;
}

async function putToSleep(
  service: Service | undefined,
  workloads: Workload[],
  together: ServiceRef[],
  { ask, lastUsed = 0 }: Seen['observed'],
  demand: Demand,
  ctx: SettleContext,
): Promise<number | undefined> {
  for (const ref of together) if ((await demand.withhold(ref, lastUsed)) !== 'withheld') return pendingMs;
  const since = formatTime(ctx.clock.now());
  for (const ref of together) if (!(await go(ref, since, ctx))) return pendingMs;
  const silence = goDuration(ask && 'afterMs' in ask ? ask.afterMs : 0);
  const names = together.map(({ name }) => name);
  try {
    for (const each of workloads) {
      await write(asleep(each, names), ctx);
      tell(service, each, 'ScaledToZero', sleepMessage(each, silence), ctx);
    }
  } catch (error) {
    for (const ref of together) await go(ref, undefined, ctx);
    throw error;
  }
  return undefined;
}

/** Says since when the workloads of a Service go; false when it is not to be waited for any more, or was changed. */
async function go(
  { namespace, name }: ServiceRef,
  since: string | undefined,
  ctx: SettleContext,
): Promise<boolean> {
  const service = await ctx.client.get(services, namespace, name);
  if (service?.metadata.annotations?.[asleepAnnotation] === undefined) return false;
  return annotate(service, { [goingAnnotation]: since }, ctx);
}

function tell(
  service: Service | undefined,
  { object }: Workload,
  reason: string,
  message: string,
  { events }: SettleContext,
): void {
  for (const about of [object, ...(service ? [service] : [])])
    events(about, { type: 'Normal', reason, message });
}

async function write({ kind, object }: Workload, { client }: SettleContext): Promise<void> {
  if (kind === 'Deployment') await client.update(deployments, object);
  else await client.update(statefulSets, object);
}

/** Writes or removes annotations of a Service; false when it has changed since it was read, or is gone. */
async function annotate(
  service: Service,
  changes: Record<string, string | undefined>,
  { client }: SettleContext,
): Promise<boolean> {
  const all = Object.entries({ ...service.metadata.annotations, ...changes });
  const annotations = Object.fromEntries(
    all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
  if (same(annotations, service.metadata.annotations ?? {})) return true;
  try {
    await client.update(services, { ...service, metadata: { ...service.metadata, annotations } });
    return true;
  } catch (error) {
    if (isReason(error, 'NotFound') || isReason(error, 'Conflict')) return false;
    throw error;
  }
}
