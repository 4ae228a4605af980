import type { Ids } from '../../clock/ids.ts';
import { ApiError, type Cause } from '../../errors/apiError.ts';
import { invalid } from '../../errors/common.ts';
import { claims, nodePortClaim } from '../../kinds/core/v1/service/claims.ts';
import { chooseFamilies } from '../../kinds/core/v1/service/families.ts';
import {
  hasClusterIP,
  hasHealthCheckNodePort,
  hasNodePorts,
  needsNodePorts,
} from '../../kinds/core/v1/service/types.ts';
import type { Service, ServiceSpec } from '../../kinds/schema/types.ts';
import { withoutZeros } from '../../kinds/validation/ipSyntax.ts';
import type { Storage } from '../../ports/storage.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { addressRange, joined, type Range } from './range.ts';

export interface ServiceAddressesOptions {
  storage: Pick<Storage, 'claims'>;
  ids: Ids;
  addresses: Range;
  /** Returns what somebody says of addresses in a logical cluster. Absent: nothing. */
  addressesIn?(cluster: string): Promise<AddressWishes>;
  ports: Range;
}

/** Describes where addresses of Services may come from, and those that somebody keeps for something else. */
export interface AddressWishes {
  /** IPv4 networks instead of the plane's own; none: there is nothing to choose from. */
  cidrs: readonly string[];
  kept: ReadonlySet<string>;
}

/**
 * Chooses cluster IPs, and node ports of the logical cluster, by guessing, which succeeds at once in a range that is
 * mostly free: what others hold comes to light when the Service is written, with its claims. Refuses those that were
 * asked for and cannot be had.
 */
export const serviceAddresses = (options: ServiceAddressesOptions): AdmissionPlugin => ({
  name: 'ServiceAddresses',
  resources: [resource],
  operations: ['CREATE', 'UPDATE'],
  allocate: async (admission, refused) => {
    const { dryRun, cluster } = admission;
    const service = admission.object as unknown as Service | undefined;
    const old = admission.old as unknown as Service | undefined;
    if (!service?.spec) return;
    const held = new Set([...refused, ...(old ? claims(old, cluster) : [])]);
    // A dry run writes nothing that could be refused; and after some refusals the range must be rather full.
    if (dryRun || refused.length >= refusalsBeforeLook)
      for (const value of (await options.storage.claims(resource)).keys()) held.add(value);
    const addresses = await addressesFor(options, cluster, held);
    const used = new Set(claims(service, cluster));
    const choice: Choice = { ...options, addresses, admission, held, used };
    giveAddress(choice, service.spec, old?.spec);
    givePorts(choice, service.spec, old?.spec);
    giveHealthCheck(choice, service.spec, old?.spec);
  },
});

/** The addresses to choose from; what is kept for something else counts as held. */
async function addressesFor(
  { addresses, addressesIn }: ServiceAddressesOptions,
  cluster: string,
  held: Set<string>,
): Promise<Range> {
  const wishes = await addressesIn?.(cluster);
  if (!wishes) return addresses;
  for (const address of wishes.kept) held.add(address);
  const [first, ...others] = wishes.cidrs.map(addressRange);
  return first ? joined([first, ...others]) : noAddresses;
}

const noAddresses: Range = { size: 0, at: () => '', includes: () => false, text: 'no ServiceCIDR' };

const resource = 'services';
const refusalsBeforeLook = 3;

interface Choice extends ServiceAddressesOptions {
  admission: Admission;
  /** By others, as far as is known, or by the Service as it was. */
  held: ReadonlySet<string>;
  /** By the Service as it will be. */
  used: Set<string>;
}

function giveAddress(choice: Choice, spec: ServiceSpec, before?: ServiceSpec): void {
  if (!hasClusterIP(spec)) return;
  chooseFamilies(spec);
  const wanted = spec.clusterIP || spec.clusterIPs?.[0] || '';
  if (wanted === 'None') {
    spec.clusterIP = 'None';
    spec.clusterIPs = ['None'];
    return;
  }
  if (wanted && wanted === before?.clusterIP) return;
  const { addresses, held } = choice;
  if (wanted) {
    const field = 'spec.clusterIPs';
    const refuse = (why: string) =>
      refusal(choice, field, [wanted], `failed to allocate IP ${wanted}: ${why}`);
    const plain = withoutZeros(wanted);
    if (!addresses.includes(plain)) throw refuse('the provided network does not match the current range');
    if (held.has(plain)) throw refuse('provided IP is already allocated');
  }
  const address = wanted || choose(choice, addresses, (value) => value);
  spec.clusterIP = address;
  spec.clusterIPs = [address];
}

function givePorts(choice: Choice, spec: ServiceSpec, before?: ServiceSpec): void {
  if (!hasNodePorts(spec)) return;
  const kept = new Set((before?.ports ?? []).map(({ nodePort }) => nodePort));
  for (const [i, port] of (spec.ports ?? []).entries()) {
    const { nodePort } = port;
    if (nodePort && kept.has(nodePort)) continue;
    if (nodePort) checkPort(choice, nodePort, `spec.ports[${i}].nodePort`);
    else if (needsNodePorts(spec)) port.nodePort = choosePort(choice);
  }
}

/** Where a balancer asks a node whether it has Pods of the Service. */
function giveHealthCheck(choice: Choice, spec: ServiceSpec, before?: ServiceSpec): void {
  if (!hasHealthCheckNodePort(spec)) return;
  const { healthCheckNodePort: port } = spec;
  if (port && port === before?.healthCheckNodePort) return;
  if (port) checkPort(choice, port, 'spec.healthCheckNodePort');
  else spec.healthCheckNodePort = choosePort(choice);
}

const choosePort = (choice: Choice): number =>
  Number(choose(choice, choice.ports, (port) => nodePortClaim(choice.admission.cluster, port)));

function checkPort(choice: Choice, port: number, field: string): void {
  const { ports, held, admission } = choice;
  const out = `provided port is not in the valid range. The range of valid ports is ${ports.text}`;
  if (!ports.includes(String(port))) throw refusal(choice, field, port, out);
  if (held.has(nodePortClaim(admission.cluster, port)))
    throw refusal(choice, field, port, 'provided port is already allocated');
}

const guesses = 16;

/** A value whose claim nobody is known to have: some guesses, then a walk on through the range from the last one. */
function choose({ ids, held, used }: Choice, range: Range, claimOf: (value: string) => string): string {
  const steps = range.size === 0 ? 0 : guesses + range.size;
  let position = 0;
  for (let i = 0; i < steps; i++) {
    position = i < guesses ? Math.floor(ids.random() * range.size) : (position + 1) % range.size;
    const value = range.at(position);
    const claim = claimOf(value);
    if (held.has(claim) || used.has(claim)) continue;
    used.add(claim);
    return value;
  }
  throw new ApiError('InternalError', `failed to allocate from ${range.text}: range is full`);
}

function refusal({ admission }: Choice, field: string, value: unknown, why: string): ApiError {
  const cause: Cause = {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
    field,
  };
  return invalid('Service', '', admission.object?.metadata.name ?? admission.name, [cause]);
}
