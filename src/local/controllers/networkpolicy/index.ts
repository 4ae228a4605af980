import type { Reader } from '../../../shared/client/client.ts';
import { type Controller, type ObjectKey, watching } from '../../../shared/controllers/controller.ts';
import { namespaces, networkPolicies, pods } from '../../../shared/controllers/resources.ts';
import type { Namespace, NetworkPolicy, Pod } from '../../../shared/kinds/schema/types.ts';
import { isSame } from '../../../shared/kinds/validation/same.ts';
import { plan } from './plan.ts';

/** The policies of a logical cluster are worked out together: a change of one Pod may concern the rules of all. */
const all: ObjectKey = { namespace: '', name: 'policies' };

/** Has the traffic of Pods filtered by the policies that select them, where something filters. */
export const networkPolicyEnforcement: Controller = {
  name: 'networkpolicy-controller',
  group: 'pods',
  isFor: ({ networkPolicies: enforcing }) => enforcing !== undefined && enforcing.whyNot === undefined,
  watches: [
    watching<NetworkPolicy>({ resource: networkPolicies, keys: () => [all] }),
    watching<Pod>({
      resource: pods,
      keys: (pod, old, { client, deleted }) =>
        !deleted && old && isSame(factsOf(pod), factsOf(old)) ? [] : ifAny(client),
    }),
    watching<Namespace>({
      resource: namespaces,
      keys: ({ metadata }, old, { client }) =>
        old && isSame(metadata.labels, old.metadata.labels) ? [] : ifAny(client),
    }),
  ],
  always: ({ networkPolicies: enforcing }) => (enforcing?.whyNot === undefined ? [all] : []),

  async reconcile({ cluster }, { client, cloud }) {
    const policies = await client.list(networkPolicies);
    const [there, places] = await Promise.all([client.list(pods), client.list(namespaces)]);
    await cloud.networkPolicies?.enforce(
      cluster,
      plan({ cluster, policies, pods: there, namespaces: places }),
    );
    return undefined;
  },
};

/** Returns what of a Pod anybody's rules depend on. */
const factsOf = ({ metadata, spec, status }: Pod) => [
  metadata.labels,
  spec?.nodeName,
  status?.podIP,
  status?.phase,
];

const ifAny = async (client: Reader): Promise<ObjectKey[]> =>
  (await client.list(networkPolicies)).length > 0 ? [all] : [];
