import type { AddressWishes } from '../shared/admission/serviceaddresses/index.ts';
import type { IPAddress, ServiceCIDR } from '../shared/kinds/schema/types.ts';
import type { Storage, Stored } from '../shared/ports/storage.ts';
import { compiled } from '../shared/storage/compiled/index.ts';
import { isOfServices } from './controllers/ipaddress/plan.ts';
import { isUsable } from './controllers/servicecidr/plan.ts';

/**
 * Returns what ServiceCIDRs and IPAddresses of a logical cluster say now. As long as it has no ServiceCIDR, the plane's
 * own range counts; one that is being deleted gives no addresses any more. An IPAddress that stands for a Service is no
 * wish of anybody's: what a Service has, it has claimed itself.
 */
export function serviceRanges(
  storage: Storage,
  serviceCidr: string,
): (cluster: string) => Promise<AddressWishes> {
  const ranges = compiled(storage, 'servicecidrs.networking.k8s.io', {
    read: parsed<ServiceCIDR>,
    build: (entries) => [...entries.values()].sort(ownFirst),
  });
  const kept = compiled(storage, 'ipaddresses.networking.k8s.io', {
    read: parsed<IPAddress>,
    build: (entries) => new Set([...entries.values()].flatMap(keptAddress)),
  });
  return async (cluster) => {
    const [all, addresses] = await Promise.all([ranges(cluster), kept(cluster)]);
    const usable = all.filter(({ metadata }) => !metadata.deletionTimestamp);
    const cidrs = usable.flatMap(({ spec }) => spec?.cidrs ?? []).filter(isUsable);
    return { cidrs: all.length ? cidrs : [serviceCidr], kept: addresses };
  };
}

const decoder = new TextDecoder();
const parsed = <T>({ value }: Stored): T => JSON.parse(decoder.decode(value)) as T;

const ownFirst = ({ metadata: a }: ServiceCIDR, { metadata: b }: ServiceCIDR): number =>
  Number(b.name === 'kubernetes') - Number(a.name === 'kubernetes') ||
  ((a.name ?? '') < (b.name ?? '') ? -1 : 1);

const keptAddress = (address: IPAddress): string[] =>
  isOfServices(address) ? [] : [address.metadata.name ?? ''];
