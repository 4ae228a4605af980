import { type Cidr, contains, parseCidr } from './addresses.ts';

/** Says why an address is none for a Service; the message is fit for an Event. */
export class ForeignAddress extends Error {}

/** Describes what is somebody else's than a Service's. */
export interface Others {
  podCidr: string;
  /** Is for Services, whatever else it may be part of. */
  serviceCidr: string;
  /** IPv4 addresses by interface: `10.1.2.3/24`. */
  addresses: ReadonlyMap<string, readonly string[]>;
  /** Destinations of the machine's routes, without the default route. */
  routes: readonly Cidr[];
  /** The interface that has addresses of Services. */
  bridge: string;
}

/** No address of a program elsewhere: this host, link-local (where clouds tell secrets), multicast and what is reserved. */
const special = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];

/**
 * Throws where an address is a Pod's or of a network of this machine: who served it would get the connections of others. Whoever
 * administers a logical cluster may choose any range for its Services.
 *
 * @throws {@link ForeignAddress}
 */
export function refuseForeign(address: string, others: Others): void {
  const { podCidr, serviceCidr, addresses, routes, bridge } = others;
  if (contains(parseCidr(serviceCidr), address)) return;
  const isIn = (cidr: string) => contains(parseCidr(cidr), address);
  if (isIn(podCidr)) throw new ForeignAddress(`${address} is in the range of Pods, ${podCidr}`);
  if (special.some(isIn)) throw new ForeignAddress(`${address} is no address that a Service can have`);
  for (const [name, cidrs] of addresses)
    if (name !== bridge && cidrs.some(isIn))
      throw new ForeignAddress(`${address} is in the network of this machine's ${name}`);
  // A Service outside the usual range has a route of its own.
  if (routes.some((route) => route.prefix < 32 && contains(route, address)))
    throw new ForeignAddress(`${address} is in a network that this machine has a route to`);
}
