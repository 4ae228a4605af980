import type { LoadBalancerIngress, PortStatus, Service } from '../../../shared/kinds/schema/types.ts';
import type { ServiceRef } from '../../../shared/ports/cloud.ts';
import { isBalancedHere } from '../../../shared/ports/loadBalancers.ts';
import { candidates, contains, parseCidr } from './addresses.ts';
import { balancerDoors, type DoorPlan, doorKey, fixedDoors, nodeAddress } from './doors.ts';
import { type DoorError, isMissingAddress, type OpenDoors } from './openDoors.ts';
import { openSpare } from './spareDoor.ts';

/** So many addresses are tried before a balancer makes do with 127.0.0.1. */
const maxAddresses = 8;

/**
 * The address of one Service of type LoadBalancer. It is chosen by the UID, so a restart chooses it again; one that
 * the Service's status already tells, or `spec.loadBalancerIP`, comes first, provided it is in the range. A port that
 * cannot be opened there is served on 127.0.0.1 instead, at the Service's node port or a free one.
 */
export class BalancerAddress {
  readonly #ref: ServiceRef;
  readonly #cidr: ReturnType<typeof parseCidr>;
  readonly #taken: Set<string>;
  #address: string | undefined;
  /** Is what is open beside the node ports. */
  #doors: DoorPlan[] = [];

  constructor(ref: ServiceRef, { balancerCidr, taken }: { balancerCidr: string; taken: Set<string> }) {
    this.#ref = ref;
    this.#cidr = parseCidr(balancerCidr);
    this.#taken = taken;
  }

  /** The open doors that the Service still wants as it is now. */
  wanted(service: Service): DoorPlan[] {
    const asked = this.#askedFor(service);
    if (!isBalancedHere(service) || (asked && asked !== this.#address)) {
      this.free();
      return [];
    }
    const ports = new Set(balancerDoors(service, '').map((door) => `${door.protocol} ${door.portName}`));
    const numbers = new Set(balancerDoors(service, this.#address ?? '').map(doorKey));
    this.#doors = this.#doors.filter((door) =>
      door.address === nodeAddress
        ? ports.has(`${door.protocol} ${door.portName}`)
        : numbers.has(doorKey(door)),
    );
    return this.#doors;
  }

  /** Opens what is missing; what prevents it goes to `failures`. */
  async open(service: Service, doors: OpenDoors, failures: Error[]): Promise<Opened> {
    if (!isBalancedHere(service)) return { ingress: [], elsewhere: [] };
    const refused = await this.#openOwn(service, doors, failures);
    const own = this.#doors.filter((door) => door.address === this.#address);
    const substitutes: DoorPlan[] = [];
    const elsewhere: string[] = [];
    for (const { door, why } of refused) {
      const substitute = await this.#openSubstitute(service, door, doors);
      if (substitute) {
        substitutes.push(substitute);
        elsewhere.push(`port ${door.port} is served on ${substitute.address}:${substitute.port}: ${why}`);
      } else failures.push(new Error(`no free port on ${nodeAddress} for port ${door.port}`));
    }
    return { ingress: [...ingressOf(own), ...ingressOf(substitutes)], elsewhere };
  }

  free(): void {
    if (this.#address) this.#taken.delete(this.#address);
    this.#address = undefined;
    this.#doors = [];
  }

  /** Answers the doors that cannot be opened on any address of the balancer's own, and why. */
  async #openOwn(service: Service, doors: OpenDoors, failures: Error[]): Promise<Refused[]> {
    const held = this.#address ?? this.#askedFor(service) ?? this.#toldBefore(service);
    for (const address of held ? [held] : this.#fresh()) {
      const attempt = await tryAll(balancerDoors(service, address), doors);
      const inUse = attempt.failed.filter(({ error }) => !isMissingAddress(error));
      if (inUse.length > 0 && !held) {
        for (const door of attempt.opened) await doors.close(door);
        continue;
      }
      for (const { error } of inUse) failures.push(error);
      this.#take(address, attempt.opened);
      return attempt.failed
        .filter(({ error }) => isMissingAddress(error))
        .map(({ door, error }) => ({ door, why: error.message }));
    }
    const why = 'no address is free';
    return balancerDoors(service, this.#address ?? '').map((door) => ({ door, why }));
  }

  async #openSubstitute(service: Service, door: DoorPlan, doors: OpenDoors): Promise<DoorPlan | undefined> {
    const same = (d: DoorPlan) => d.portName === door.portName && d.address === nodeAddress;
    const present = [...fixedDoors(service), ...this.#doors].find((d) => same(d) && doors.has(d));
    if (present) return present;
    const spare = await openSpare(door, this.#ref.uid, doors);
    if (spare) this.#doors.push(spare);
    return spare;
  }

  #take(address: string, opened: DoorPlan[]): void {
    this.#address = address;
    this.#taken.add(address);
    this.#doors = [...this.#doors.filter((door) => door.address === nodeAddress), ...opened];
  }

  #askedFor({ spec }: Service): string | undefined {
    const address = spec?.loadBalancerIP;
    return address && contains(this.#cidr, address) ? address : undefined;
  }

  #toldBefore({ status }: Service): string | undefined {
    const addresses = status?.loadBalancer?.ingress?.map((ingress) => ingress.ip ?? '') ?? [];
    return addresses.find((address) => contains(this.#cidr, address) && !this.#taken.has(address));
  }

  #fresh(): string[] {
    const free: string[] = [];
    for (const address of candidates(this.#cidr, this.#ref.uid)) {
      if (!this.#taken.has(address)) free.push(address);
      if (free.length === maxAddresses) break;
    }
    return free;
  }
}

/** Describes what came of opening a balancer's ports. */
export interface Opened {
  ingress: LoadBalancerIngress[];
  /** A sentence for each port that is served somewhere else, with the reason. */
  elsewhere: string[];
}

interface Refused {
  door: DoorPlan;
  why: string;
}

async function tryAll(plans: DoorPlan[], doors: OpenDoors) {
  const opened: DoorPlan[] = [];
  const failed: { door: DoorPlan; error: DoorError }[] = [];
  for (const door of plans) {
    const error = await doors.open(door);
    if (error) failed.push({ door, error });
    else opened.push(door);
  }
  return { opened, failed };
}

function ingressOf(doors: DoorPlan[]): LoadBalancerIngress[] {
  const [first] = doors;
  if (!first) return [];
  const ports = doors.map(({ port, protocol }) => ({ port, protocol: protocol as PortStatus['protocol'] }));
  return [{ ip: first.address, ipMode: 'Proxy', ports }];
}
