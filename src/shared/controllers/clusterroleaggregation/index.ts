import type { ClusterRole } from '../../kinds/schema/types.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, watching } from '../controller.ts';
import { clusterRoles } from '../resources.ts';
import { plan } from './plan.ts';

/** Gives ClusterRoles with an aggregationRule the rules of those that they select. */
export const clusterRoleAggregation: Controller = {
  name: 'clusterrole-aggregation-controller',
  watches: [
    watching<ClusterRole>({
      resource: clusterRoles,
      // Which roles gathered from one that lost a label, nobody knows: so every role that gathers looks again.
      keys: async (_role, _old, { client }) =>
        (await client.list(clusterRoles)).filter(({ aggregationRule }) => aggregationRule).map(keyOf),
    }),
  ],

  async reconcile({ name }, { client }) {
    const role = await client.get(clusterRoles, '', name);
    if (!role?.aggregationRule || role.metadata.deletionTimestamp) return undefined;
    const rules = plan(role, await client.list(clusterRoles));
    const { resourceVersion } = role.metadata;
    if (rules)
      await unlessGone(client.patch(clusterRoles, '', name, { metadata: { resourceVersion }, rules }));
    return undefined;
  },
};
