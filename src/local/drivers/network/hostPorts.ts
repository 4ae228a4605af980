import type { Clock } from '../../../shared/clock/clock.ts';
import type { HostPort, HostPorts, Reached, Sockets } from '../podNetwork.ts';
import type { SocketsAt } from '../sockets.ts';
import { type Allows, joinsFor } from './policies/judge.ts';
import { Backends } from './proxy/backends.ts';
import { type Listener, listenTcp } from './proxy/listener.ts';
import type { ConnectionOptions } from './proxy/options.ts';
import { listenUdp } from './proxy/udp.ts';

const timings: Omit<ConnectionOptions, 'clock'> = {
  waitMs: 1000,
  connectTimeoutMs: 1000,
  quietMs: 500,
  idleMs: 60_000,
};
const drainLimitMs = 1000;

export interface HostPortsOptions {
  nodeAddresses: string[];
  clock: Clock;
  /** Absent: Pods are reached at their own addresses. */
  reached?: Reached;
  /** Judges by policies who may speak to whom. Absent: everybody may. */
  allows?: Allows | undefined;
  /** Says in which network addresses are on which is listened. Absent: all are this machine's. */
  socketsAt?: SocketsAt | undefined;
  /** Opens sockets in the node's network, if that is not this machine's: both have a loopback. */
  nodeSockets?: Sockets | undefined;
}

/**
 * Serves the host ports of Pods by listeners in this process, on the addresses of the node. Where the whole machine is
 * asked for (hostIP 0.0.0.0 is what no hostIP means), it is these addresses and no others: nothing is opened to other
 * machines that nobody named.
 */
export function openHostPorts({
  nodeAddresses,
  clock,
  reached,
  allows,
  socketsAt,
  nodeSockets,
}: HostPortsOptions): HostPorts {
  const open = new Map<string, Listener[]>();

  async function listen(
    ip: string,
    { hostIP, hostPort, containerPort, protocol }: HostPort,
  ): Promise<Listener[]> {
    const backends = new Backends(clock, drainLimitMs, reached);
    backends.update([
      {
        address: ip,
        port: containerPort,
        protocol: protocol === 'UDP' ? 'UDP' : 'TCP',
        portName: '',
        ready: true,
      },
    ]);
    const addresses = hostIP && hostIP !== '0.0.0.0' ? [hostIP] : nodeAddresses;
    const listeners: Listener[] = [];
    const wanted = addresses.flatMap((address) => [
      { address, at: socketsAt },
      ...(nodeSockets && address.startsWith('127.') ? [{ address, at: () => nodeSockets }] : []),
    ]);
    for (const { address, at } of wanted) {
      try {
        const serve = protocol === 'UDP' ? listenUdp : listenTcp;
        listeners.push(
          await serve(address, hostPort, backends, {
            ...{ ...timings, clock, socketsAt: at },
            ...joinsFor(allows, protocol),
          }),
        );
      } catch (error) {
        await Promise.all(listeners.map((each) => each.close()));
        throw new Error(`cannot serve hostPort ${hostPort} on ${address}: ${(error as Error).message}`);
      }
    }
    return listeners;
  }

  const close = async (uid: string) => {
    const listeners = open.get(uid) ?? [];
    open.delete(uid);
    await Promise.all(listeners.map((each) => each.close()));
  };

  return {
    async open({ uid }, ip, ports) {
      if (open.has(uid)) return;
      const listeners: Listener[] = [];
      open.set(uid, listeners);
      try {
        for (const port of ports) listeners.push(...(await listen(ip, port)));
      } catch (error) {
        await close(uid);
        throw error;
      }
    },
    close: ({ uid }) => close(uid),
  };
}
