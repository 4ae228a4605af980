import type { Socket } from 'node:dgram';
import { datagram, type End, type Packet, payloadOf } from './packets.ts';

/** Describes what datagrams go out by. */
export interface UdpParts {
  /** Puts a packet into the network of Pods. */
  inject(bytes: Buffer): void;
  /** A socket of the network of this machine. */
  bind(): Promise<Socket>;
  now(): number;
}

interface Flow {
  pod: End;
  socket: Promise<Socket | undefined>;
  usedAt: number;
}

const mostFlows = 1024;
/** Whoever has all that it may loses the one it used longest ago, and leaves room for others. */
const mostOfOnePod = mostFlows / 4;
const idleMs = 120_000;

/** Datagrams of Pods to other machines: each port of a Pod has one of this machine, as long as it is used. */
export class UdpFlows {
  readonly #parts: UdpParts;
  readonly #flows = new Map<string, Flow>();

  constructor(parts: UdpParts) {
    this.#parts = parts;
    setInterval(() => this.#sweep(), idleMs / 4).unref();
  }

  /** Takes a packet that a Pod sent out. */
  take(packet: Packet): void {
    const { source, destination } = packet;
    // Nothing is at port 0, and sending there throws.
    if (destination.port === 0) return;
    const key = `${source.address}:${source.port}`;
    const flow = this.#flows.get(key) ?? this.#open(key, source);
    if (!flow) return;
    flow.usedAt = this.#parts.now();
    const payload = payloadOf(packet);
    void flow.socket.then((socket) => {
      if (this.#flows.get(key) === flow)
        socket?.send(payload, destination.port, destination.address, () => {});
    });
  }

  #open(key: string, pod: End): Flow | undefined {
    const own = [...this.#flows].filter(([, flow]) => flow.pod.address === pod.address);
    if (own.length >= mostOfOnePod || this.#flows.size >= mostFlows) {
      const oldest = own.sort(([, a], [, b]) => a.usedAt - b.usedAt)[0];
      if (!oldest) return undefined;
      this.#close(...oldest);
    }
    const socket = this.#parts.bind().then(
      (opened) => {
        opened.on('error', () => {});
        opened.on('message', (payload, from) => {
          flow.usedAt = this.#parts.now();
          this.#parts.inject(datagram(from, pod, payload));
        });
        return opened;
      },
      () => {
        if (this.#flows.get(key) === flow) this.#flows.delete(key);
        return undefined;
      },
    );
    const flow: Flow = { pod, socket, usedAt: 0 };
    this.#flows.set(key, flow);
    return flow;
  }

  #sweep(): void {
    for (const [key, flow] of this.#flows)
      if (this.#parts.now() - flow.usedAt > idleMs) this.#close(key, flow);
  }

  #close(key: string, { socket }: Flow): void {
    this.#flows.delete(key);
    void socket.then((opened) => opened?.close());
  }
}
