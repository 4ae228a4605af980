import { isReason } from '../../errors/apiError.ts';
import type { DaemonSet, Node } from '../../kinds/schema/types.ts';
import { claimPods } from '../common/claim.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { watchingMembers } from '../common/members.ts';
import { parallel, slowStart } from '../common/parallel.ts';
import { selects } from '../common/selector.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { daemonSets, nodes, pods } from '../resources.ts';
import { claimRevisions, keepRevision, removeRevisions } from '../revisions/apply.ts';
import { revisionsOf, type Versioned } from '../revisions/plan.ts';
import { type Plan, plan } from './plan.ts';

/** Keeps one Pod of each DaemonSet on every Node that it selects, and rolls out changes of its template. */
export const daemonSet: Controller = {
  name: 'daemonset-controller',
  watches: [
    watching<DaemonSet>({ resource: daemonSets, keys: (set) => [keyOf(set)] }),
    watchingMembers(daemonSets, (pod, { spec }) => selects(spec?.selector, pod.metadata.labels)),
    watching<Node>({
      resource: nodes,
      // Heartbeats are no news.
      async keys(node, old, { client, deleted }) {
        const facts = ({ metadata, spec }: Node) => [metadata.labels, spec?.taints];
        if (old && old !== node && !deleted && same(facts(node), facts(old))) return [];
        return (await client.list(daemonSets)).map(keyOf);
      },
    }),
  ],

  async reconcile({ namespace, name }, ctx) {
    const { client, clock } = ctx;
    const set = await client.get(daemonSets, namespace, name);
    if (!set) return undefined;
    const owner = versioned(set);
    const mine = await claimPods(owner, set.spec?.selector, ctx);
    const revisions = revisionsOf(owner, await claimRevisions(owner, set.spec?.selector, ctx));
    if (!set.metadata.deletionTimestamp && !(await keepRevision(revisions, ctx))) return collide(set, ctx);
    const epoch = client.lastDeletion?.(pods, set.metadata.uid ?? '') ?? 0;
    const there = await client.list(nodes);
    const todo = plan({ set, nodes: there, pods: mine, revisions, epoch, now: clock.now() });
    try {
      await apply(set, todo, ctx);
    } finally {
      if (!same(todo.status, set.status))
        await unlessGone(client.updateStatus(daemonSets, { ...set, status: todo.status }));
    }
    await removeRevisions(todo.deleteRevisions, ctx);
    return todo.requeueAfterMs === undefined ? undefined : { requeueAfterMs: todo.requeueAfterMs };
  },
};

const versioned = (set: DaemonSet): Versioned => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: set.metadata,
  template: set.spec?.template ?? {},
  collisionCount: set.status?.collisionCount ?? 0,
});

/** Another template has the name: the next one is hashed with a higher count. */
async function collide(set: DaemonSet, { client }: ReconcileContext): Promise<undefined> {
  const zero = {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  };
  const collisionCount = (set.status?.collisionCount ?? 0) + 1;
  await client.updateStatus(daemonSets, { ...set, status: { ...zero, ...set.status, collisionCount } });
  return undefined;
}

async function apply(set: DaemonSet, todo: Plan, { client, events }: ReconcileContext): Promise<void> {
  for (const event of todo.events) events(set, event);
  await parallel(todo.delete, 64, async ({ metadata: { namespace = '', name = '', uid = '' } }) => {
    await unlessGone(client.delete(pods, namespace, name, { uid }));
    events(set, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` });
  });
  await slowStart(todo.create, async (pod) => {
    try {
      const { metadata } = await client.create(pods, pod);
      events(set, { type: 'Normal', reason: 'SuccessfulCreate', message: `Created pod: ${metadata.name}` });
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) return;
      const why = error instanceof Error ? error.message : String(error);
      events(set, { type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${why}` });
      throw error;
    }
  });
}
