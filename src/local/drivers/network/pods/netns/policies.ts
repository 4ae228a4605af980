import type { LocalNetwork } from '../../network.ts';
import { PolicyFilter } from '../../policies/index.ts';
import { findNft, runNft } from '../../policies/nft.ts';
import { rulesetOf } from '../../policies/ruleset.ts';
import { unfiltered } from '../../policies/unfiltered.ts';
import type { Names } from './names.ts';
import type { PodNamespaces } from './podNamespaces.ts';

/** Filters by nft, where there is one. `trial` joins a namespace in which it is tried. */
export async function openPolicies(
  { serviceCidr, gateway }: Names,
  pods: PodNamespaces,
  trial: readonly string[],
): Promise<LocalNetwork['policies']> {
  const nft = await findNft(process.env.PATH ?? '');
  if (!nft) return unfiltered(noNft);
  try {
    await runNft(nft, trial, everything, ['--check']);
  } catch (error) {
    return unfiltered(`nft does not work here (${(error as Error).message})`);
  }
  const filter = new PolicyFilter({
    serviceCidr,
    gateway,
    apply: async (uid, program) => {
      const joining = await pods.joining(uid);
      if (!joining) return false;
      try {
        await runNft(nft, joining, program);
        return true;
      } catch (error) {
        // It may have gone just then.
        if (await pods.joining(uid)) throw error;
        return false;
      }
    },
  });
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
