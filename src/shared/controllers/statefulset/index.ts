import { isReason } from '../../errors/apiError.ts';
import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../kinds/schema/types.ts';
import { claimPods } from '../common/claim.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { watchingMembers } from '../common/members.ts';
import { parallel } from '../common/parallel.ts';
import { selects } from '../common/selector.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { persistentVolumeClaims, pods, statefulSets } from '../resources.ts';
import { claimRevisions, keepRevision, removeRevisions } from '../revisions/apply.ts';
import { revisionsOf, type Versioned } from '../revisions/plan.ts';
import { claimsOf, ordinalOf, ordinalsFor } from './identity.ts';
import { type Plan, plan } from './plan.ts';

const isLooseMember = (pod: Pod, set: StatefulSet): boolean =>
  ordinalOf(pod, set) !== undefined && selects(set.spec?.selector, pod.metadata.labels);

/** Keeps the numbered Pods of each StatefulSet with their claims, and rolls out changes of its template. */
export const statefulSet: Controller = {
  name: 'statefulset-controller',
  watches: [
    watching<StatefulSet>({ resource: statefulSets, keys: (set) => [keyOf(set)] }),
    watchingMembers(statefulSets, isLooseMember),
    watching<PersistentVolumeClaim>({
      resource: persistentVolumeClaims,
      // A Pod may wait until the claim of the one before it is gone.
      async keys({ metadata: { namespace = '', name = '' } }, _, { client, deleted }) {
        if (!deleted || !/-\d+$/.test(name)) return [];
        const candidates = await client.list(statefulSets, { namespace });
        return candidates
          .filter((set) =>
            set.spec?.volumeClaimTemplates?.some((claim) =>
              name.startsWith(`${claim.metadata?.name}-${set.metadata.name}-`),
            ),
          )
          .map(keyOf);
      },
    }),
  ],

  async reconcile({ namespace, name }, ctx) {
    const set = await ctx.client.get(statefulSets, namespace, name);
    if (!set) return undefined;
    const owner = versioned(set);
    const isMember = (pod: Pod) => ordinalOf(pod, set) !== undefined;
    const mine = await claimPods(owner, set.spec?.selector, ctx, isMember);
    const revisions = revisionsOf(owner, await claimRevisions(owner, set.spec?.selector, ctx));
    if (!set.metadata.deletionTimestamp && !(await keepRevision(revisions, ctx))) return collide(set, ctx);
    const claims = await claimsThere(set, mine, ctx);
    const todo = plan({ set, pods: mine, claims, revisions, now: ctx.clock.now() });
    try {
      await apply(set, todo, ctx);
    } finally {
      if (!same(todo.status, set.status))
        await unlessGone(ctx.client.updateStatus(statefulSets, { ...set, status: todo.status }));
    }
    await removeRevisions(todo.deleteRevisions, ctx);
    return todo.requeueAfterMs === undefined ? undefined : { requeueAfterMs: todo.requeueAfterMs };
  },
};

const versioned = (set: StatefulSet): Versioned => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: set.metadata,
  template: set.spec?.template ?? {},
  collisionCount: set.status?.collisionCount ?? 0,
});

/** Another template has the name: the next one is hashed with a higher count. */
async function collide(set: StatefulSet, { client }: ReconcileContext): Promise<undefined> {
  const collisionCount = (set.status?.collisionCount ?? 0) + 1;
  const before = set.status ?? { replicas: 0, availableReplicas: 0 };
  await client.updateStatus(statefulSets, { ...set, status: { ...before, collisionCount } });
  return undefined;
}

async function claimsThere(set: StatefulSet, mine: Pod[], { client }: ReconcileContext) {
  const ordinals = new Set([
    ...ordinalsFor(set, mine.length),
    ...mine.flatMap((pod) => ordinalOf(pod, set) ?? []),
  ]);
  const names = [...ordinals].flatMap((ordinal) =>
    [...claimsOf(set, ordinal).values()].map(({ metadata }) => metadata.name ?? ''),
  );
  const found = new Map<string, PersistentVolumeClaim>();
  await parallel(names, 16, async (name) => {
    const claim = await client.get(persistentVolumeClaims, set.metadata.namespace ?? '', name);
    if (claim) found.set(name, claim);
  });
  return found;
}

async function apply(set: StatefulSet, todo: Plan, ctx: ReconcileContext): Promise<void> {
  const { client } = ctx;
  const { namespace = '', name: setName } = set.metadata;
  for (const { claim, pod } of todo.createClaims) {
    const what = `Claim ${claim.metadata.name} Pod ${pod} in StatefulSet ${setName}`;
    await said(set, 'Create', `${what} success`, what, ctx, async () => {
      const there = await client.create(persistentVolumeClaims, claim).catch((error: unknown) => {
        if (!isReason(error, 'AlreadyExists')) throw error;
      });
      return there !== undefined;
    });
  }
  for (const { claim, ownerReferences } of todo.ownClaims) {
    const { name = '', resourceVersion } = claim.metadata;
    await client.patch(persistentVolumeClaims, namespace, name, {
      metadata: { resourceVersion, ownerReferences },
    });
  }
  const each = (verb: string, list: Pod[], work: (pod: Pod) => Promise<unknown>) =>
    parallel(list, 16, (pod) => {
      const what = `Pod ${pod.metadata.name} in StatefulSet ${setName}`;
      return said(set, verb, `${what} successful`, what, ctx, async () => (await work(pod)) !== false);
    });
  await each('Create', todo.create, (pod) =>
    client.create(pods, pod).catch((error: unknown) => {
      if (!isReason(error, 'AlreadyExists')) throw error;
      return false;
    }),
  );
  for (const { pod, labels } of todo.label)
    await each('Update', [pod], () =>
      client.patch(pods, namespace, pod.metadata.name ?? '', { metadata: { labels } }),
    );
  await each('Delete', todo.delete, ({ metadata: { name = '', uid = '' } }) =>
    unlessGone(client.delete(pods, namespace, name, { uid })),
  );
}

/** Does the work and tells of it, as `verb` and what it was about; `work` answers whether it did anything. */
async function said(
  set: StatefulSet,
  verb: string,
  success: string,
  what: string,
  { events }: ReconcileContext,
  work: () => Promise<boolean>,
): Promise<void> {
  try {
    if (await work())
      events(set, { type: 'Normal', reason: `Successful${verb}`, message: `${verb} ${success}` });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    events(set, {
      type: 'Warning',
      reason: `Failed${verb}`,
      message: `${verb} ${what} failed error: ${why}`,
    });
    throw error;
  }
}
