import type { LogicalCluster } from '../../kinds/shallop.dev/v1/logicalcluster/types.ts';
import type { KubeObject } from '../../meta/object.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, watching } from '../controller.ts';
import { logicalClusters } from '../resources.ts';
import { remaining } from './plan.ts';

/** The longest delay of a timer, in milliseconds. A cluster that lives longer is checked again then. */
const longestMs = 24 * 60 * 60 * 1000;

/** Deletes logical clusters whose time to live is over. The API refuses to delete a base until its forks are gone. */
export const clusterExpiry: Controller = {
  name: 'clusterexpiry-controller',
  defaultClusterOnly: true,
  watches: [watching<KubeObject>({ resource: logicalClusters, keys: (c) => [keyOf(c)] })],

  async reconcile({ name }, { client, clock }) {
    const cluster: LogicalCluster | undefined = await client.get(logicalClusters, '', name);
    const left = cluster && remaining(cluster, clock.now());
    if (left === undefined) return undefined;
    if (left > 0) return { requeueAfterMs: Math.min(left, longestMs) };
    const { uid } = cluster!.metadata;
    await unlessGone(client.delete(logicalClusters, '', name, uid === undefined ? {} : { uid }));
    return undefined;
  },
};
