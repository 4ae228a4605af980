import type { PodTraffic, ServiceEndpoint } from '../../../../shared/ports/cloud.ts';
import type { Allows } from './judge.ts';
import type { Address } from './ruleset.ts';

/** An address and port at which a proxy of this machine answers for these endpoints. */
export interface ServedDoor extends Address {
  endpoints: readonly ServiceEndpoint[];
}

/** Tells who filters which doors one owner, a Service or a Pod, has now. */
export type TellDoors = (owner: string, doors: readonly ServedDoor[]) => Promise<void>;

/**
 * Returns the doors behind which somebody is ready, but nobody whom policies let this Pod speak to. A proxy says yes to a
 * connection before it knows who will answer; behind these the Pod must not even be told yes. Loopback addresses lead a
 * Pod to itself.
 */
export function doorsShutTo(
  { address }: PodTraffic,
  doors: readonly ServedDoor[],
  allows: Allows,
): Address[] {
  if (!address) return [];
  return doors.filter(({ address: at, protocol, endpoints }) => {
    const ready = endpoints.filter((endpoint) => endpoint.ready);
    const mayReach = (endpoint: ServiceEndpoint) => allows({ client: address, endpoint, protocol });
    return !at.startsWith('127.') && ready.length > 0 && !ready.some(mayReach);
  });
}
