import type { NetworkPolicy } from '../../kinds/schema/types.ts';
import { type Controller, keyOf, watching } from '../controller.ts';
import { networkPolicies } from '../resources.ts';

/** Writes an Event for each NetworkPolicy where policies have no effect, since its author may rely on it. */
export const networkPolicyNotice: Controller = {
  name: 'networkpolicy-notice',
  isFor: ({ networkPolicies: enforcing }) => !enforcing || enforcing.whyNot !== undefined,
  watches: [
    watching<NetworkPolicy>({
      resource: networkPolicies,
      keys: (policy, old, { deleted }) => (deleted || old ? [] : [keyOf(policy)]),
    }),
  ],

  async reconcile({ namespace, name }, { client, cloud, events }) {
    const policy = await client.get(networkPolicies, namespace, name);
    if (!policy || policy.metadata.deletionTimestamp) return undefined;
    const why = cloud.networkPolicies?.whyNot ?? 'Pods of this plane have no filter of their own';
    events(policy, {
      type: 'Warning',
      reason: 'NotEnforced',
      message: `the policy is stored and limits no traffic: ${why}`,
      once: policy.metadata.uid ?? name,
    });
    return undefined;
  },
};
