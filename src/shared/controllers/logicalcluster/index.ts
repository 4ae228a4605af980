import { dataFinalizer as finalizer, holds } from '../../kinds/shallop.dev/v1/logicalcluster/strategy.ts';
import type { LogicalCluster } from '../../kinds/shallop.dev/v1/logicalcluster/types.ts';
import type { KubeObject } from '../../meta/object.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { logicalClusters } from '../resources.ts';
import { bootstrap } from './bootstrap.ts';

/** Creates the first objects of a logical cluster, and removes all of its objects when it is deleted. `default` always exists. */
export const logicalCluster: Controller = {
  name: 'logicalcluster-controller',
  defaultClusterOnly: true,
  watches: [watching<KubeObject>({ resource: logicalClusters, keys: (c) => [keyOf(c)] })],
  always: () => [{ namespace: '', name: 'default' }],

  async reconcile({ name }, ctx) {
    const { client, env } = ctx;
    if (name === 'default') {
      await bootstrap(client, ctx, true);
      return void (await env.refillPolicy?.(name));
    }
    const object: LogicalCluster | undefined = await client.get(logicalClusters, '', name);
    if (!object) return undefined;
    if (object.metadata.deletionTimestamp) return remove(object, ctx);
    const { finalizers = [], resourceVersion } = object.metadata;
    const held = finalizers.includes(finalizer)
      ? object
      : await client.patch(logicalClusters, '', name, {
          metadata: { resourceVersion, finalizers: [...finalizers, finalizer, ...Object.values(holds)] },
        });
    await env.fillCluster?.(name);
    // Nothing has changed in a cluster that rests since it was last looked at.
    if (!env.rests?.(name)) {
      await bootstrap(env.clients(name), ctx, false);
      await env.refillPolicy?.(name);
    }
    if (object.status?.phase !== 'Ready')
      await client.updateStatus(logicalClusters, { ...held, status: { phase: 'Ready' } } as LogicalCluster);
    return undefined;
  },
};

/** Its controllers have stopped already; once nothing of it is left in the cloud, all its data goes at once. */
async function remove({ metadata }: KubeObject, { client, env }: ReconcileContext): Promise<undefined> {
  const { name = '', finalizers = [], resourceVersion } = metadata;
  if (!finalizers.includes(finalizer) || finalizers.some((f) => Object.values(holds).includes(f))) return;
  await env.dropCluster(name);
  const remaining = finalizers.filter((f) => f !== finalizer);
  await unlessGone(
    client.patch(logicalClusters, '', name, { metadata: { resourceVersion, finalizers: remaining } }),
  );
}
