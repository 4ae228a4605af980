import type { KubeObject } from '../../meta/object.ts';
import { unlessGone } from '../common/ignore.ts';
import { parallel } from '../common/parallel.ts';
import { type Controller, keyOf, type ReconcileContext, type Requeue, watching } from '../controller.ts';
import { logicalClusters } from '../resources.ts';
import { bootstrap } from './bootstrap.ts';

const finalizer = 'shallop.dev/cluster';
const whileStoppingMs = 100;

type LogicalCluster = KubeObject & { status?: { phase?: string } };

/** Fills a logical cluster when it is made and empties it when it goes. `default` is always there. */
export const logicalCluster: Controller = {
  name: 'logicalcluster-controller',
  defaultClusterOnly: true,
  watches: [watching<KubeObject>({ resource: logicalClusters, keys: (c) => [keyOf(c)] })],
  always: () => [{ namespace: '', name: 'default' }],

  async reconcile({ name }, ctx) {
    const { client, env } = ctx;
    if (name === 'default') return void (await bootstrap(client, env, true));
    const object: LogicalCluster | undefined = await client.get(logicalClusters, '', name);
    if (!object) return undefined;
    if (object.metadata.deletionTimestamp) return remove(object, ctx);
    const { finalizers = [], resourceVersion } = object.metadata;
    const held = finalizers.includes(finalizer)
      ? object
      : await client.patch(logicalClusters, '', name, {
          metadata: { resourceVersion, finalizers: [...finalizers, finalizer] },
        });
    await bootstrap(env.clients(name), env, false);
    if (object.status?.phase !== 'Ready')
      await client.updateStatus(logicalClusters, { ...held, status: { phase: 'Ready' } } as LogicalCluster);
    return undefined;
  },
};

/** Its manager has stopped already; what still runs is stopped here, then all its data goes at once. */
async function remove({ metadata }: KubeObject, ctx: ReconcileContext): Promise<Requeue | undefined> {
  const { client, cloud, env } = ctx;
  const { name = '', finalizers = [], resourceVersion } = metadata;
  if (!finalizers.includes(finalizer)) return undefined;
  const balancers = (await cloud.loadBalancers.list()).filter((ref) => ref.cluster === name);
  await parallel(balancers, 16, (ref) => cloud.loadBalancers.remove(ref));
  const running = (await cloud.pods.list()).filter((ref) => ref.cluster === name);
  await parallel(running, 16, async (ref) => {
    if ((await cloud.pods.observe(ref))?.stopped) await cloud.pods.remove(ref);
    else await cloud.pods.stop(ref, 0);
  });
  if (running.length > 0) return { requeueAfterMs: whileStoppingMs };
  await env.dropCluster(name);
  const left = finalizers.filter((f) => f !== finalizer);
  await unlessGone(
    client.patch(logicalClusters, '', name, { metadata: { resourceVersion, finalizers: left } }),
  );
  return undefined;
}
