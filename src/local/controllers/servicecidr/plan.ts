import { formatTime } from '../../../shared/clock/clock.ts';
import type { Condition, IPAddress, ServiceCIDR } from '../../../shared/kinds/schema/types.ts';
import { type Network, networkOf } from '../../../shared/kinds/validation/cidr.ts';
import { isOfServices } from '../ipaddress/plan.ts';

/** Is what keeps a range until nothing needs it any more. */
export const finalizer = 'networking.k8s.io/service-cidr-finalizer';
/** An address may be on its way from a range that is being deleted. Milliseconds. */
const graceMs = 10_000;

/** Describes what has to happen to a range. */
export type Step =
  | { is: 'keep'; condition: Condition | undefined }
  | { is: 'wait'; condition?: Condition; ms?: number }
  | { is: 'release' };

/**
 * Returns what has to happen to a range, beside the others and the addresses that are in use. As
 * servicecidrs_controller.
 */
export function plan(
  range: ServiceCIDR,
  all: readonly ServiceCIDR[],
  addresses: readonly IPAddress[],
  now: number,
): Step {
  const { deletionTimestamp } = range.metadata;
  if (!deletionTimestamp) return { is: 'keep', condition: changed(range, ready, now) };
  if (isNeeded(range, all, addresses)) {
    const condition = changed(range, terminating, now);
    return { is: 'wait', ...(condition && { condition }) };
  }
  const left = graceMs - (now - Date.parse(deletionTimestamp));
  return left > 0 ? { is: 'wait', ms: left } : { is: 'release' };
}

type Said = Omit<Condition, 'lastTransitionTime'>;
const ready: Said = {
  type: 'Ready',
  status: 'True',
  reason: '',
  message: 'Kubernetes Service CIDR is ready',
};
const terminating: Said = {
  type: 'Ready',
  status: 'False',
  reason: 'Terminating',
  message:
    'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR',
};

/** The condition, where it is not said already: what the range `kubernetes` says of itself counts too. */
function changed({ status }: ServiceCIDR, said: Said, now: number): Condition | undefined {
  const current = status?.conditions?.find(({ type }) => type === said.type);
  if (current?.status === said.status && current.reason === said.reason) return undefined;
  return { ...said, lastTransitionTime: formatTime(now) };
}

/** Addresses would be in no range without it. */
function isNeeded(range: ServiceCIDR, all: readonly ServiceCIDR[], addresses: readonly IPAddress[]): boolean {
  const others = all.filter(({ metadata }) => metadata.name !== range.metadata.name).flatMap(networksOf);
  const own = networksOf(range);
  if (own.every((network) => others.some((other) => isIn(other, network)))) return false;
  return addresses.filter(isOfServices).some(({ metadata }) => {
    const address = hostOf(metadata.name ?? '');
    return (
      address !== undefined &&
      own.some((network) => isIn(network, address)) &&
      !others.some((network) => isIn(network, address))
    );
  });
}

const networksOf = ({ spec }: ServiceCIDR): Network[] =>
  (spec?.cidrs ?? []).flatMap((cidr) => networkOf(cidr) ?? []);

const hostOf = (address: string): Network | undefined =>
  networkOf(`${address}/${address.includes(':') ? 128 : 32}`);

const isIn = (whole: Network, part: Network): boolean =>
  whole.width === part.width &&
  whole.prefix <= part.prefix &&
  whole.address >> BigInt(whole.width - whole.prefix) === part.address >> BigInt(part.width - whole.prefix);

/** Ranges of IPv4 that are neither too large nor too small to choose from. */
export function isUsable(cidr: string): boolean {
  const network = networkOf(cidr);
  return network !== undefined && network.width === 32 && network.prefix >= 8 && network.prefix <= 30;
}
