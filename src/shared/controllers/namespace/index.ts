import type { Namespace, Pod } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { parallel } from '../common/parallel.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { events, namespaces, ownable, pods } from '../resources.ts';
import { conditionsFor, type Remaining } from './plan.ts';

/** Empties a namespace that is being deleted, then lets it go. */
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
    const left = await empty(name, ctx);
    const conditions = conditionsFor(object, left, ctx.clock.now());
    let current = object;
    if (!same(conditions, object.status?.conditions ?? []))
      current = await ctx.client.updateStatus(namespaces, {
        ...object,
        status: { ...object.status, phase: 'Terminating', conditions },
      });
    if (Object.keys(left.byResource).length > 0) return { requeueAfterMs: 500 };
    await finalize(current, ctx);
    return undefined;
  },
};

/** Deletes what can be deleted now; answers what is left. */
async function empty(name: string, { client }: ReconcileContext): Promise<Remaining> {
  const left: Remaining = { byResource: {}, byFinalizer: {} };
  // Owners first, so that nothing is made anew; Events last, since the others write them.
  for (const resource of [...ownable, events]) {
    const there = await client.list(resource, { namespace: name });
    await parallel(there, 32, async ({ metadata: m }) => {
      if (!m.deletionTimestamp)
        await unlessGone(client.delete(resource, name, m.name ?? '', { propagationPolicy: 'Background' }));
    });
    if (there.length === 0) continue;
    const remaining = there.filter((o) => o.metadata.finalizers?.length || resource === pods);
    if (remaining.length > 0) left.byResource[`${resource.plural}.${resource.group}`] = remaining.length;
    for (const f of remaining.flatMap((o) => o.metadata.finalizers ?? []))
      left.byFinalizer[f] = (left.byFinalizer[f] ?? 0) + 1;
  }
  return left;
}

/** Takes the `kubernetes` finalizer away: with the last one the namespace is gone. */
async function finalize(object: Namespace, { client }: ReconcileContext): Promise<void> {
  const finalizers = (object.spec?.finalizers ?? []).filter((f) => f !== 'kubernetes');
  const patch = { metadata: { resourceVersion: object.metadata.resourceVersion }, spec: { finalizers } };
  await unlessGone(client.patch(namespaces, '', object.metadata.name ?? '', patch, 'finalize'));
}
