import type { Socket } from 'node:net';
import { type End, isFirst, isReset, limitWindow, type Packet, readdress, refusalOf } from './packets.ts';

/** Describes what connections out are made of. */
export interface TcpParts {
  /** Where packets are turned to: this process listens there. */
  listener: End;
  /** The address that packets seem to come from there; the port tells the connection. */
  peer: string;
  /** Puts a packet into the network of Pods. */
  inject(bytes: Buffer): void;
  /** Connects from the network of this machine. */
  connect(to: End): Promise<Socket>;
}

interface Flow {
  key: string;
  pod: End;
  far: End;
  /** Of the peer. */
  port: number;
  outside?: Socket;
  /** Both ends are joined, or were. */
  state: 'waiting' | 'joined' | 'over';
}

const mostFlows = 4096;
/** Whoever holds all that it may leaves room for others. */
const mostOfOnePod = mostFlows / 4;
const [firstPort, lastPort] = [1024, 65_535];
/** A connection that its Pod does not complete is given up after this, and what is late of one that ended is known as long. */
const lingerMs = 30_000;
/** A side that is silent is asked after this whether it is still there. */
const keepAliveMs = 60_000;

/**
 * Connections of Pods to other machines. The kernel ends them here: packets are turned to a listener of this process and
 * back, and what comes in there is joined to a connection from the network of this machine. The Pod's first packet waits
 * for that one, so that the Pod is refused where it is.
 */
export class TcpFlows {
  readonly #parts: TcpParts;
  readonly #byKey = new Map<string, Flow>();
  readonly #byPort = new Map<number, Flow>();
  #lastPort = firstPort;

  constructor(parts: TcpParts) {
    this.#parts = parts;
  }

  /** Takes a packet that a Pod sent out, or that the listener sent to the peer. */
  take(packet: Packet): void {
    const { source, destination } = packet;
    const { peer, listener } = this.#parts;
    if (destination.address === peer) {
      const flow = this.#byPort.get(destination.port);
      if (flow && source.port === listener.port) this.#pass(packet, flow.far, flow.pod);
      return;
    }
    const flow = this.#byKey.get(keyOf(packet));
    if (flow && !(isFirst(packet) && flow.state === 'over')) {
      // Until there is somebody to be joined to, what is sent again is not needed.
      if (flow.outside) this.#pass(packet, { address: peer, port: flow.port }, listener);
      return;
    }
    if (flow) this.#forget(flow);
    if (isFirst(packet)) void this.#begin(packet);
    else if (!isReset(packet)) this.#parts.inject(refusalOf(packet));
  }

  /** Joins a connection that came in at the listener. */
  accept(socket: Socket): void {
    const { remoteAddress, remotePort = 0 } = socket;
    const flow = remoteAddress === this.#parts.peer ? this.#byPort.get(remotePort) : undefined;
    socket.on('error', () => {});
    if (!flow?.outside || flow.outside.destroyed || flow.state !== 'waiting')
      return void socket.resetAndDestroy();
    flow.state = 'joined';
    socket.setKeepAlive(true, keepAliveMs);
    join(socket, flow.outside);
    socket.once('close', () => {
      flow.state = 'over';
      this.#forgetLater(flow);
    });
  }

  async #begin(packet: Packet): Promise<void> {
    const { source, destination } = packet;
    const own = [...this.#byPort.values()].filter(({ pod }) => pod.address === source.address);
    if (own.length >= mostOfOnePod) return this.#parts.inject(refusalOf(packet));
    const port = this.#freePort();
    if (!port) return;
    const flow: Flow = { key: keyOf(packet), pod: source, far: destination, port, state: 'waiting' };
    this.#byKey.set(flow.key, flow);
    this.#byPort.set(port, flow);
    try {
      const outside = await this.#parts.connect(destination);
      outside.pause();
      outside.allowHalfOpen = true;
      outside.setNoDelay(true);
      outside.setKeepAlive(true, keepAliveMs);
      outside.on('error', () => {});
      flow.outside = outside;
    } catch (error) {
      this.#forget(flow);
      // One that is only late may still come when the Pod asks again.
      if ((error as NodeJS.ErrnoException).code !== 'ETIMEDOUT') this.#parts.inject(refusalOf(packet));
      return;
    }
    this.#pass(packet, { address: this.#parts.peer, port }, this.#parts.listener);
    this.#forgetLater(flow);
  }

  #pass(packet: Packet, source: End, destination: End): void {
    // A burst of more would be lost on its way here.
    if (isFirst(packet)) limitWindow(packet);
    readdress(packet, source, destination);
    this.#parts.inject(packet.bytes);
  }

  #freePort(): number | undefined {
    if (this.#byPort.size >= mostFlows) return undefined;
    do {
      this.#lastPort = this.#lastPort === lastPort ? firstPort : this.#lastPort + 1;
    } while (this.#byPort.has(this.#lastPort));
    return this.#lastPort;
  }

  /** Forgets what has ended, or has not begun, after a while. */
  #forgetLater(flow: Flow): void {
    setTimeout(() => {
      if (flow.state !== 'joined') this.#forget(flow);
    }, lingerMs).unref();
  }

  #forget(flow: Flow): void {
    if (flow.state === 'waiting') flow.outside?.destroy();
    if (this.#byKey.get(flow.key) === flow) this.#byKey.delete(flow.key);
    if (this.#byPort.get(flow.port) === flow) this.#byPort.delete(flow.port);
  }
}

const keyOf = ({ source, destination }: Packet) =>
  `${source.address}:${source.port} ${destination.address}:${destination.port}`;

/** Both may end on their own; one that breaks breaks the other. What one left is not kept for another that takes nothing. */
function join(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.resetAndDestroy());
    from.once('close', () => {
      to.setTimeout(lingerMs, () => to.destroy());
      to.destroySoon();
    });
    from.pipe(to);
  }
}
