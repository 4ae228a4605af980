import type { LocalNetwork } from '../../network.ts';
import { PolicyFilter } from '../../policies/index.ts';
import { rulesetOf } from '../../policies/ruleset.ts';
import { unfiltered } from '../../policies/unfiltered.ts';
import type { Names } from './names.ts';
import type { PodNamespaces } from './podNamespaces.ts';
import type { PodRules } from './podRules.ts';

/** Filters by nft, where there is one that can. */
export async function openPolicies(
  { serviceCidr, gateway }: Names,
  pods: PodNamespaces,
  rules: PodRules | undefined,
): Promise<LocalNetwork['policies']> {
  if (!rules) return unfiltered(noNft);
  const obstacle = await rules.try(everything);
  if (obstacle !== undefined) return unfiltered(`nft does not work here (${obstacle})`);
  const filter = new PolicyFilter({ serviceCidr, gateway, apply: rules.apply });
  pods.filteredBy(filter);
  return filter;
}

/** All that rules are made of; it is only looked at. */
const everything = rulesetOf(
  {
    ingress: [
      { peers: { addresses: ['10.0.0.1'], blocks: [] }, ports: [{ protocol: 'TCP', first: 1, last: 2 }] },
    ],
  },
  { addresses: [], serviceCidr: '10.0.0.0/8' },
);

/** Says why policies are not enforced although each Pod has a network of its own, and the cure. */
const noNft = 'this machine has no nft (on Debian and Ubuntu: apt install nftables)';
