import { setFinalizer } from '../../../shared/controllers/common/finalizer.ts';
import { removeGone } from '../../../shared/controllers/common/gone.ts';
import { same } from '../../../shared/controllers/common/hash.ts';
import { unlessGone } from '../../../shared/controllers/common/ignore.ts';
import type { ReconcileContext, Requeue, WorkKey } from '../../../shared/controllers/controller.ts';
import { ifBackendsChanged } from '../../../shared/controllers/ingress/backends.ts';
import { ingressClasses, ingresses } from '../../../shared/controllers/resources.ts';
import { ifFollowedOtherwise, letThrough, tellPods } from '../../../shared/controllers/service/following.ts';
import type { Ingress, IngressLoadBalancerIngress, Pod } from '../../../shared/kinds/schema/types.ts';
import type { Ingresses, IngressMember, IngressOutcome, IngressRef } from '../../../shared/ports/cloud.ts';
import { stillExists } from '../stillExists.ts';
import { balancerFor, type FollowedRead, readBackends } from './backends.ts';
import { byOrder, finalizerOf, isAt, placeOf, refOf } from './group.ts';
import { isOurs } from './plan.ts';

/** Says how soon to look again for an address that the cloud does not know yet. */
const pendingMs = 10_000;
/** Says how soon to look again when somebody came, went or changed during a run. */
const changedMs = 50;

interface Place {
  /** The Ingresses that ask for this place, in the order of their rules. */
  members: Ingress[];
  /** Ingresses that left and still have this place's finalizer; `moved`: they have another place. */
  leaving: { object: Ingress; moved: boolean }[];
  /** Says why the Ingress with this key cannot be served at any place. */
  misplaced?: string;
}

/** Has those served who ask for the place, and lets go of those who do not any more. */
export async function settle(
  served: Ingresses,
  key: WorkKey,
  ctx: ReconcileContext,
): Promise<Requeue | undefined> {
  const own = key.namespace === '' ? undefined : await ctx.client.get(ingresses, key.namespace, key.name);
  if (key.namespace !== '' && !own) {
    await letThrough(balancerFor(refOf(key, undefined), { metadata: key }, ctx), ctx);
    return void (await removeGone(served, ingresses, key.cluster, key, ctx.client));
  }
  const { members, leaving, misplaced } = await placeAt(key, ctx);
  if (misplaced && own) warn(own, 'FailedLoadGroupID', `failed load groupID due to ${misplaced}`, ctx);
  const ref = refOf(key, own);
  let again: Requeue | undefined;
  if (members.length > 0) {
    const result = await serve(served, ref, members, ctx);
    again = result.again;
    // As long as nothing changes, who leaves waits, so that what is served has an owner.
    if (!result.changed) return again;
  } else if (leaving.length > 0 || key.namespace === '') await served.remove(ref);
  for (const each of leaving) await letGo(each, key, ctx);
  const now = await placeAt(key, ctx);
  return same(members.map(asked), now.members.map(asked)) ? again : { requeueAfterMs: changedMs };
}

const asked = ({ metadata: { uid, annotations }, spec }: Ingress) => [uid, annotations, spec];

async function placeAt(key: WorkKey, { client }: ReconcileContext): Promise<Place> {
  const { namespace, name } = key;
  const all =
    namespace === ''
      ? await client.list(ingresses)
      : [(await client.get(ingresses, namespace, name)) ?? []].flat();
  const classes = await client.list(ingressClasses);
  const place: Place = { members: [], leaving: [] };
  for (const object of all) {
    const isAsking = !object.metadata.deletionTimestamp && isOurs(object, classes);
    const where = placeOf(object);
    if (isAsking && isAt(object, key)) place.members.push(object);
    else if (object.metadata.finalizers?.includes(finalizerOf(key)))
      place.leaving.push({ object, moved: isAsking && typeof where !== 'string' });
    if (isAsking && namespace !== '' && typeof where === 'string') place.misplaced = where;
  }
  place.members.sort(byOrder);
  return place;
}

/** `changed` is false when they cannot be had as they are, which they say. */
async function serve(
  served: Ingresses,
  ref: IngressRef,
  members: Ingress[],
  ctx: ReconcileContext,
): Promise<{ changed: boolean; again?: Requeue }> {
  const read = [];
  for (const object of members) {
    const { backends, slices, followed } = await readBackends(ref, object, ctx);
    const isServed = hasAddress(object) && (object.metadata.finalizers ?? []).includes(finalizerOf(ref));
    const ingress = await setFinalizer(ctx.client, ingresses, object, finalizerOf(ref), true);
    read.push({ ingress, isServed, backends, slices, followed });
  }
  const outcome = await ensure(served, ref, read, ctx);
  const { points, refused } = outcome;
  for (const { ingress, isServed } of read) {
    const why = refused.get(ingress.metadata.uid ?? '');
    if (why) warn(ingress, 'FailedBuildModel', `Failed to build model due to ${why.message}`, ctx);
    if (points && !why) await setPoints(ingress, points, ctx);
    // It is told of where it was before.
    if (why && !isServed) await setPoints(ingress, [], ctx);
  }
  const pending = points?.length === 0 ? [{ requeueAfterMs: pendingMs }] : [];
  const told = await tellAll(ref, read, outcome, ctx);
  const again = await ifBackendsChanged(read, ctx);
  return { changed: points !== undefined, again: again ?? soonest([...told, ...pending]) };
}

/** Tells Pods behind each Ingress how they stand with the load balancer. Returns when to look again. */
async function tellAll(
  ref: IngressRef,
  read: FollowedRead[],
  outcome: IngressOutcome,
  ctx: ReconcileContext,
): Promise<Requeue[]> {
  const again: Requeue[] = [];
  for (const { ingress, backends, slices, followed } of read) {
    const balancer = balancerFor(ref, ingress, ctx);
    const own = new Set(backends.flatMap(({ endpoints }) => endpoints.map(({ address }) => address)));
    const routed = outcome.routed ?? own;
    const isRouted = ({ status: { podIP = '' } = {} }: Pod) => own.has(podIP) && routed.has(podIP);
    const told =
      (await tellPods(balancer, followed, { exists: leadsTo(ingress, outcome), isRouted }, ctx)) ??
      (await ifFollowedOtherwise(balancer, followed, [...slices.values()].flat(), ctx));
    if (told) again.push(told);
  }
  return again;
}

/** Returns whether requests for an Ingress may come by the load balancer: while nothing changes, if they did before. */
const leadsTo = (ingress: Ingress, { points, refused }: IngressOutcome): boolean =>
  points ? points.length > 0 && !refused.has(ingress.metadata.uid ?? '') : hasAddress(ingress);

const soonest = (all: Requeue[]): Requeue | undefined =>
  all.toSorted((a, b) => a.requeueAfterMs - b.requeueAfterMs)[0];

async function ensure(
  served: Ingresses,
  ref: IngressRef,
  members: IngressMember[],
  ctx: ReconcileContext,
): Promise<IngressOutcome> {
  try {
    return await served.ensure(ref, members);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    for (const { ingress } of members)
      if (await stillExists(ctx.client, ingresses, ingress))
        warn(ingress, 'FailedDeployModel', `Failed to deploy model due to ${why}`, ctx);
    throw error;
  }
}

const warn = (object: Ingress, reason: string, message: string, { events }: ReconcileContext) =>
  events(object, { type: 'Warning', reason, message });

async function letGo(
  { object, moved }: Place['leaving'][number],
  key: WorkKey,
  ctx: ReconcileContext,
): Promise<void> {
  // That change leads here again. Where it has moved to, it is told of that.
  if (hasAddress(object) && !moved && !object.metadata.deletionTimestamp) await setPoints(object, [], ctx);
  else {
    if (!moved) await letThrough(balancerFor(refOf(key, object), object, ctx), ctx);
    await unlessGone(setFinalizer(ctx.client, ingresses, object, finalizerOf(key), false));
  }
}

const hasAddress = ({ status }: Ingress) => (status?.loadBalancer?.ingress ?? []).length > 0;

async function setPoints(
  object: Ingress,
  points: IngressLoadBalancerIngress[],
  { client, events }: ReconcileContext,
): Promise<void> {
  if (same(points, object.status?.loadBalancer?.ingress ?? [])) return;
  const loadBalancer = points.length > 0 ? { ingress: points } : {};
  await unlessGone(client.updateStatus(ingresses, { ...object, status: { loadBalancer } }));
  if (points.length === 0) return;
  const message = 'Successfully reconciled';
  events(object, { type: 'Normal', reason: 'SuccessfullyReconciled', message });
}
