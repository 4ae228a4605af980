import type { ServiceRef } from '../../../shared/ports/cloud.ts';
import { type DoorPlan, doorKey, nodeAddress } from './doors.ts';
import type { Holder, NodePorts } from './nodePorts.ts';
import type { OpenDoors } from './openDoors.ts';
import { openSpare } from './spareDoor.ts';

/** Describes what a Service says where a node port is not served on the node's address. */
export type Say = (message: string, reason?: string) => void;

/**
 * The node ports of one Service: on the node's addresses or, where a Service of another logical cluster has the number
 * there, on the address of its own logical cluster. Where the machine has no such address, at a spare port.
 */
export class NodePortDoors implements Holder {
  readonly ref: ServiceRef;
  created = '';
  readonly #doors: OpenDoors;
  readonly #nodePorts: NodePorts;
  /** Open on the node's addresses, by key. */
  readonly #held = new Map<string, DoorPlan>();
  /** Is what is open instead of a door on 127.0.0.1, by that one's key. */
  readonly #elsewhere = new Map<string, DoorPlan>();
  readonly #said = new Map<string, string>();

  constructor(ref: ServiceRef, doors: OpenDoors, nodePorts: NodePorts) {
    this.ref = ref;
    this.#doors = doors;
    this.#nodePorts = nodePorts;
  }

  /** Lets go of what the Service no longer has, and answers what is open elsewhere for what it still has. */
  wanted(plans: DoorPlan[]): DoorPlan[] {
    const keys = new Set(plans.map(doorKey));
    for (const [key, door] of this.#held) if (!keys.has(key)) this.#letGo(door);
    for (const key of [...this.#elsewhere.keys(), ...this.#said.keys()])
      if (!keys.has(key)) {
        this.#elsewhere.delete(key);
        this.#said.delete(key);
      }
    return [...this.#elsewhere.values()];
  }

  /** Opens what is missing. What prevents it goes to `failures`; what is served elsewhere is said, once. */
  async open(plans: DoorPlan[], failures: Error[], say: Say): Promise<void> {
    for (const door of plans) {
      const holder = await this.#nodePorts.take(door, this);
      if (holder) {
        await this.#openElsewhere(door);
        this.#tell(door, holder, say);
        continue;
      }
      const error = await this.#doors.open(door);
      if (!error) {
        await this.#hold(door);
        continue;
      }
      this.#nodePorts.free(door, this);
      failures.push(error);
    }
  }

  async giveWay(door: DoorPlan): Promise<void> {
    for (const held of this.#held.values())
      if (held.address === door.address && held.port === door.port && held.protocol === door.protocol) {
        this.#letGo(held);
        await this.#doors.close(held);
        await this.#openElsewhere(held);
      }
  }

  free(): void {
    this.wanted([]);
  }

  async #hold(door: DoorPlan): Promise<void> {
    const key = doorKey(door);
    this.#held.set(key, door);
    const substitute = this.#elsewhere.get(key);
    this.#elsewhere.delete(key);
    this.#said.delete(key);
    if (substitute) await this.#doors.close(substitute);
  }

  #letGo(door: DoorPlan): void {
    this.#held.delete(doorKey(door));
    this.#nodePorts.free(door, this);
  }

  /** One substitute is enough: the node's other addresses are the same machine. */
  async #openElsewhere(door: DoorPlan): Promise<void> {
    const key = doorKey(door);
    if (door.address !== nodeAddress || this.#elsewhere.has(key)) return;
    const address = this.#nodePorts.addressOf(this.ref.cluster);
    const own = address && { ...door, address };
    const opened =
      own && !(await this.#doors.open(own)) ? own : await openSpare(door, this.ref.uid, this.#doors);
    if (opened) this.#elsewhere.set(key, opened);
  }

  #tell(door: DoorPlan, holder: ServiceRef, say: Say): void {
    if (door.address !== nodeAddress) return;
    const key = doorKey(door);
    const { cluster, namespace, name } = holder;
    const instead = this.#elsewhere.get(key);
    const where = instead ? `is served on ${instead.address}:${instead.port}` : 'is not served';
    const message = `node port ${door.port} ${where}: on ${nodeAddress} it is that of Service ${namespace}/${name} in the logical cluster ${cluster}`;
    if (this.#said.get(key) === message) return;
    this.#said.set(key, message);
    say(message);
  }
}
