import type { ServiceRef } from '../../../shared/ports/cloud.ts';
import { refKey } from '../refKey.ts';
import { candidates, parseCidr } from './addresses.ts';
import type { DoorPlan } from './doors.ts';

/** A Service that has a node port open. */
export interface Holder {
  ref: ServiceRef;
  /** `metadata.creationTimestamp`. */
  created: string;
  /** Closes the door and serves it somewhere else. */
  giveWay(door: DoorPlan): Promise<void>;
}

/**
 * Describes which Service has a node port on the node's address. Logical clusters may use the same numbers, but share
 * the address: the oldest Service has it, so that it is the same one after each restart. The others are served on the
 * address of their logical cluster.
 */
export class NodePorts {
  readonly #holders = new Map<string, Holder>();
  /** By logical cluster. */
  readonly #addresses = new Map<string, string>();
  readonly #cidr: ReturnType<typeof parseCidr>;
  readonly #taken: Set<string>;

  /** @param taken addresses in use, of balancers as well. */
  constructor(balancerCidr: string, taken: Set<string>) {
    this.#cidr = parseCidr(balancerCidr);
    this.#taken = taken;
  }

  /** Takes the port; a younger Service gives way. Answers that of another logical cluster which keeps it. */
  async take(door: DoorPlan, asking: Holder): Promise<ServiceRef | undefined> {
    const holder = this.#holders.get(keyOf(door));
    // Within a logical cluster nothing collides but a Service that goes with one that comes: the system tells of it.
    const isOther = holder && holder.ref.cluster !== asking.ref.cluster;
    if (isOther && !isOlder(asking, holder)) return holder.ref;
    this.#holders.set(keyOf(door), asking);
    if (isOther) await holder.giveWay(door);
    return undefined;
  }

  free(door: DoorPlan, { ref }: Holder): void {
    const holding = this.#holders.get(keyOf(door))?.ref;
    if (holding && refKey(holding) === refKey(ref)) this.#holders.delete(keyOf(door));
  }

  /** The address on which node ports of a logical cluster are served beside the node's: after a restart the same one. */
  addressOf(cluster: string): string | undefined {
    const known = this.#addresses.get(cluster);
    if (known) return known;
    for (const address of candidates(this.#cidr, `node ports of ${cluster}`)) {
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      this.#addresses.set(cluster, address);
      return address;
    }
    return undefined;
  }
}

const keyOf = ({ protocol, address, port }: DoorPlan) => `${protocol} ${address}:${port}`;

const isOlder = (one: Holder, other: Holder) =>
  one.created === other.created ? one.ref.uid < other.ref.uid : one.created < other.created;
