import type { Allowed, PodTraffic, PortRange } from '../../../../shared/ports/cloud.ts';
import { contains, parseCidr } from '../addresses.ts';

import type { MayJoin } from '../proxy/dial.ts';

/** Says whether a proxy may join two ends. */
export type Allows = (passage: Passage) => boolean;

/** Returns what a proxy for one protocol asks; undefined where nobody judges. */
export const joinsFor = (allows: Allows | undefined, protocol: string): { mayJoin?: MayJoin } =>
  allows
    ? {
        mayJoin: (client, endpoint) =>
          allows({ client, endpoint, protocol: protocol === 'UDP' ? 'UDP' : 'TCP' }),
      }
    : {};

/** A connection as whoever made it meant it, though a proxy stands between. */
export interface Passage {
  client: string;
  endpoint: { address: string; port: number };
  protocol: PortRange['protocol'];
}

/**
 * Returns whether the policies of both ends allow what goes through a proxy, behind which neither end sees the other.
 * Who is no Pod is the machine itself (`isMachine`), which may do everything, or somebody from elsewhere, whom blocks
 * of addresses name.
 */
export function judge(
  { client, endpoint, protocol }: Passage,
  byAddress: ReadonlyMap<string, PodTraffic>,
  isMachine: (address: string) => boolean,
): boolean {
  if (client === endpoint.address) return true;
  const allows = (rules: readonly Allowed[] | undefined, peer: string) =>
    !rules || rules.some((rule) => isPeer(rule, peer) && isPort(rule, protocol, endpoint.port));
  const source = byAddress.get(client);
  const asked = byAddress.get(endpoint.address)?.ingress;
  if (!allows(source?.egress, endpoint.address)) return false;
  return allows(asked, client) || (!source && isMachine(client));
}

function isPeer({ peers }: Allowed, address: string): boolean {
  if (!peers) return true;
  return (
    peers.addresses.includes(address) ||
    peers.blocks.some(
      ({ cidr, except }) => isIn(cidr, address) && !except.some((part) => isIn(part, address)),
    )
  );
}

/** Addresses here are of IPv4. */
const isIn = (cidr: string, address: string): boolean =>
  !cidr.includes(':') && contains(parseCidr(cidr), address);

const isPort = ({ ports }: Allowed, protocol: string, port: number): boolean =>
  !ports ||
  ports.some(
    ({ protocol: allowed, first = 0, last = 65_535 }) =>
      allowed === protocol && port >= first && port <= last,
  );
