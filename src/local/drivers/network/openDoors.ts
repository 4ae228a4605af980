import { table } from '../../../shared/meta/table.ts';
import type { SocketsAt } from '../sockets.ts';
import { type DoorPlan, doorKey } from './doors.ts';
import { type Allows, joinsFor } from './policies/judge.ts';
import type { ServedDoor } from './policies/shut.ts';
import type { Backends } from './proxy/backends.ts';
import { type Listener, listenTcp } from './proxy/listener.ts';
import type { ConnectionOptions } from './proxy/options.ts';
import { listenUdp } from './proxy/udp.ts';
import { RestingDoor } from './restingDoor.ts';

/** Describes why a door could not be opened; the message is fit for an Event. */
export class DoorError extends Error {
  /** The system's: EADDRINUSE, EACCES, EADDRNOTAVAIL. */
  readonly code: string;

  constructor(door: DoorPlan, code: string) {
    const what = `${door.address}:${door.port} (${door.protocol})`;
    super(`cannot listen on ${what}: ${words[code] ?? code}`);
    this.code = code;
  }
}

const words: Record<string, string> = table({
  EADDRINUSE: 'another program or Service listens there already',
  EACCES: 'ports below 1024 need more rights (on Linux see net.ipv4.ip_unprivileged_port_start)',
  EADDRNOTAVAIL: 'this machine does not have the address',
});

/** The platform does not offer the address or port: trying again would not help. */
export const isMissingAddress = (error: DoorError): boolean =>
  ['EACCES', 'EADDRNOTAVAIL', 'EINVAL', 'ENETUNREACH'].includes(error.code);

export interface DoorOptions extends Omit<ConnectionOptions, 'mayJoin'> {
  /** Says in which network doors are. Absent: all are this machine's. */
  socketsAt?: SocketsAt | undefined;
  /** Judges by policies who may speak to whom. Absent: everybody may. */
  allows?: Allows | undefined;
}

/** The listeners of one Service, by what they are for. */
export class OpenDoors {
  readonly #open = new Map<string, { door: DoorPlan; resting: RestingDoor }>();
  /** By Service port name. */
  readonly #backends: ReadonlyMap<string, Backends>;
  readonly #options: DoorOptions;

  constructor(backends: ReadonlyMap<string, Backends>, options: DoorOptions) {
    this.#backends = backends;
    this.#options = options;
  }

  /** Opens the door unless it is open. Answers what prevented it. */
  async open(door: DoorPlan): Promise<DoorError | undefined> {
    const key = doorKey(door);
    const open = this.#open.get(key) ?? { door, resting: this.#restingAt(door) };
    try {
      await open.resting.open();
      this.#open.set(key, open);
      return undefined;
    } catch (error) {
      this.#open.delete(key);
      await open.resting.close();
      return new DoorError(door, codeOf(error));
    }
  }

  has(door: DoorPlan): boolean {
    return this.#open.has(doorKey(door));
  }

  async close(door: DoorPlan): Promise<void> {
    const key = doorKey(door);
    const open = this.#open.get(key);
    this.#open.delete(key);
    await open?.resting.close();
  }

  /** Says where listeners are now, and for whom. */
  served(): ServedDoor[] {
    return [...this.#open.values()].map(({ door: { address, port, protocol, portName } }) => ({
      ...{ address, port, protocol: protocol === 'UDP' ? 'UDP' : 'TCP' },
      endpoints: this.#backends.get(portName)?.listed ?? [],
    }));
  }

  /** Closes every door that is not among these keys. */
  async closeOthers(wanted: ReadonlySet<string>): Promise<void> {
    const others = [...this.#open].filter(([key]) => !wanted.has(key));
    for (const [key] of others) this.#open.delete(key);
    await Promise.all(others.map(([, { resting }]) => resting.close()));
  }

  #restingAt(door: DoorPlan): RestingDoor {
    const { clock, waitMs } = this.#options;
    const backends = this.#backends.get(door.portName)!;
    // Loopback addresses are those of every program of the machine; a port that is let go may be another's at once.
    const neverRests = door.address.startsWith('127.');
    return new RestingDoor({ listen: () => this.#listen(door), backends, clock, waitMs, neverRests });
  }

  #listen({ address, port, protocol, portName }: DoorPlan): Promise<Listener> {
    const backends = this.#backends.get(portName)!;
    const listen = protocol === 'UDP' ? listenUdp : listenTcp;
    const { allows, ...options } = this.#options;
    return listen(address, port, backends, { ...options, ...joinsFor(allows, protocol) });
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
