import { systemClock } from '../../../../../shared/clock/systemClock.ts';
import { contains, parseCidr } from '../../addresses.ts';
import { Translator } from '../../translation/index.ts';
import { programOf, table, translationOf } from '../../translation/ruleset.ts';
import type { Names } from './names.ts';
import type { PodNamespaces } from './podNamespaces.ts';
import type { PodRules } from './podRules.ts';

/** Leads Pods to Services by their kernels. Undefined where nft cannot: then the proxy does. */
export async function openTranslation(
  { podCidr, gateway }: Names,
  pods: PodNamespaces,
  rules: PodRules | undefined,
): Promise<Translator | undefined> {
  if (!rules || (await rules.try(everything)) !== undefined) return undefined;
  const range = parseCidr(podCidr);
  const translator = new Translator({
    clock: systemClock,
    isNear: (address) => address !== gateway && contains(range, address),
    addressOf: (uid) => pods.addressOf(uid),
    nodeOf: (uid) => pods.nodeOf(uid),
    uids: () => pods.uids(),
    clusterOf: (uid) => pods.clusterOf(uid),
    apply: rules.apply,
    setsOf: (uid) => rules.setsOf(uid, table),
  });
  pods.filteredBy(translator);
  return translator;
}

const places = ['10.0.0.1', '10.0.0.2'].map((address) => ({ address, port: 80 }));

/** All that rules are made of; it is only looked at. */
const everything = programOf(
  translationOf([
    { at: { address: '10.0.0.3', port: 80 }, to: places },
    { at: { address: '10.0.0.4', port: 80 }, to: places, affinitySeconds: 10 },
    { at: { address: '10.0.0.5', port: 80 }, to: [] },
  ]),
);
