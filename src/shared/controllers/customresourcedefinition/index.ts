import type { CustomResourceDefinition } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { parallel } from '../common/parallel.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { customResourceDefinitions } from '../resources.ts';
import { needOf, resourceOf, terminating, withoutCleanup } from './plan.ts';

/**
 * Removes the objects of a CustomResourceDefinition that is being deleted, then its finalizer. The API accepts the names of
 * a definition when it writes it; if the API was killed in between, this controller makes it do so again.
 */
export const customResourceDefinition: Controller = {
  name: 'customresourcedefinition-controller',
  watches: [
    watching<CustomResourceDefinition>({
      resource: customResourceDefinitions,
      keys: (crd, _, { deleted }) => (deleted || needOf(crd) === 'nothing' ? [] : [keyOf(crd)]),
    }),
  ],

  async reconcile({ cluster, name }, ctx) {
    const crd = await ctx.env.clients(cluster).get(customResourceDefinitions, '', name);
    const need = crd ? needOf(crd) : 'nothing';
    if (!crd || need === 'nothing') return undefined;
    if (need === 'names') {
      await unlessGone(ctx.client.patch(customResourceDefinitions, '', name, {}));
      return undefined;
    }
    const resource = resourceOf(crd);
    if (resource && (await removeAll(resource, ctx)) > 0) {
      await write(crd, 'busy', ctx);
      return { requeueAfterMs: 500 };
    }
    const written = await write(crd, resource ? 'done' : 'never', ctx);
    const { resourceVersion } = written.metadata;
    const patch = { metadata: { resourceVersion, finalizers: withoutCleanup(written) } };
    await unlessGone(ctx.client.patch(customResourceDefinitions, '', name, patch));
    return undefined;
  },
};

async function write(
  crd: CustomResourceDefinition,
  how: Parameters<typeof terminating>[1],
  { client, clock }: ReconcileContext,
): Promise<CustomResourceDefinition> {
  const status = terminating(crd, how, clock.now());
  if (same(status, crd.status)) return crd;
  return client.updateStatus(customResourceDefinitions, { ...crd, status });
}

/** Deletes every object that is not going already; answers how many there still are. */
async function removeAll(
  resource: NonNullable<ReturnType<typeof resourceOf>>,
  { client }: ReconcileContext,
): Promise<number> {
  const there = await client.list(resource);
  await parallel(there, 32, async ({ metadata: { namespace = '', name = '', deletionTimestamp } }) => {
    if (!deletionTimestamp) await unlessGone(client.delete(resource, namespace, name));
  });
  return there.length;
}
