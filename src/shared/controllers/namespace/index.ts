import type { ServedResource } from '../../client/client.ts';
import { isReason } from '../../errors/apiError.ts';
import { resourceName } from '../../kinds/kind.ts';
import type { Namespace, Pod } from '../../kinds/schema/types.ts';
import { table } from '../../meta/table.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { parallel } from '../common/parallel.ts';
import { servedBy } from '../common/served.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { namespaces, pods } from '../resources.ts';
import { conditionsFor, type Remaining } from './plan.ts';

/** Deletes the objects in a namespace that is being deleted, then removes its finalizer. */
export const namespace: Controller = {
  name: 'namespace-controller',
  watches: [
    watching<Namespace>({
      resource: namespaces,
      keys: (ns) => (ns.metadata.deletionTimestamp ? [keyOf(ns)] : []),
    }),
    watching<Pod>({
      resource: pods,
      // Pods take longest to go: the last one decides.
      async keys({ metadata }, _, { deleted, client }) {
        if (!deleted) return [];
        const ns = await client.get(namespaces, '', metadata.namespace ?? '');
        return ns?.metadata.deletionTimestamp ? [keyOf(ns)] : [];
      },
    }),
  ],

  async reconcile({ name }, ctx) {
    const object = await ctx.client.get(namespaces, '', name);
    if (!object?.metadata.deletionTimestamp) return undefined;
    const stillThere = await empty(name, ctx);
    const conditions = conditionsFor(object, stillThere, ctx.clock.now());
    let current = object;
    if (!same(conditions, object.status?.conditions ?? []))
      current = await ctx.client.updateStatus(namespaces, {
        ...object,
        status: { ...object.status, phase: 'Terminating', conditions },
      });
    if (stillThere.failures.length > 0)
      throw new Error(stillThere.failures.map(({ message }) => message).join(', '));
    if (Object.keys(stillThere.byResource).length > 0) return { requeueAfterMs: 500 };
    await finalize(current, ctx);
    return undefined;
  },
};

/** Deletes what can be deleted now; returns what still exists. While there are Pods, everything else stays. */
async function empty(name: string, ctx: ReconcileContext): Promise<Remaining> {
  const stillThere: Remaining = { byResource: {}, byFinalizer: {}, failures: [] };
  const served = [...(await servedBy(ctx.client)).byName.values()];
  for (const resource of deletable(served)) {
    await emptyOf(resource, name, stillThere, ctx);
    if (resource.kind === 'Pod' && stillThere.byResource[countedAs(resource)]) break;
  }
  return stillThere;
}

/** Pods first: what runs may still need the rest. Events last, since the others write them. */
function deletable(served: readonly ServedResource[]): ServedResource[] {
  const rank = (resource: ServedResource) => ranks[resourceName(resource)] ?? 1;
  return served
    .filter(({ namespaced, verbs }) => namespaced && verbs.includes('delete'))
    .sort((a, b) => rank(a) - rank(b));
}

const ranks: Record<string, number> = table({ pods: 0, events: 2 });
const countedAs = ({ plural, group }: ServedResource) => `${plural}.${group}`;

async function emptyOf(
  resource: ServedResource,
  name: string,
  stillThere: Remaining,
  { client }: ReconcileContext,
): Promise<void> {
  const there = await client.list(resource, { namespace: name });
  await parallel(there, 32, async ({ metadata: m }) => {
    if (m.deletionTimestamp) return;
    try {
      await unlessGone(client.delete(resource, name, m.name ?? '', { propagationPolicy: 'Background' }));
    } catch (error) {
      if (isReason(error, 'Conflict')) throw error;
      stillThere.failures.push(error as Error);
    }
  });
  const remaining = there.filter((o) => o.metadata.finalizers?.length || resource.kind === 'Pod');
  if (remaining.length > 0) stillThere.byResource[countedAs(resource)] = remaining.length;
  for (const f of remaining.flatMap((o) => o.metadata.finalizers ?? []))
    stillThere.byFinalizer[f] = (stillThere.byFinalizer[f] ?? 0) + 1;
}

/** Takes the `kubernetes` finalizer away: with the last one the namespace is gone. */
async function finalize(object: Namespace, { client }: ReconcileContext): Promise<void> {
  const finalizers = (object.spec?.finalizers ?? []).filter((f) => f !== 'kubernetes');
  const patch = { metadata: { resourceVersion: object.metadata.resourceVersion }, spec: { finalizers } };
  await unlessGone(client.patch(namespaces, '', object.metadata.name ?? '', patch, 'finalize'));
}
