import type { Socket as DatagramSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import type { PodRef } from '../../shared/ports/cloud.ts';

/** An address and port that this process can reach. */
export interface Place {
  host: string;
  port: number;
  /** Opens sockets in the network that has the address. Absent: it is one of this machine's. */
  by?: Sockets;
}

/** Opens sockets in a network that is not this process's own. All reject with the system's error. */
export interface Sockets {
  /** Resolves when it was accepted. Gives up after `timeoutMs`. */
  connect(to: { host: string; port: number; timeoutMs: number }): Promise<Socket>;
  /** A server whose place another one can take. */
  listen(at: { host: string; port: number }): Promise<Server>;
  bind(at: { host: string; port: number }): Promise<DatagramSocket>;
}

/**
 * Describes where a port of a Pod is reached from this machine: at its address itself, unless that is the address of
 * another machine.
 */
export type Reached = (address: string, port: number, protocol?: 'tcp' | 'udp') => Place;

export const atItself: Reached = (host, port) => ({ host, port });

/** Gives each Pod of this machine an address. Drivers: loopback addresses (no privileges), network namespaces (root). */
export interface PodNetwork {
  /**
   * The Pod's address; the same one for the same Pod however often it is asked, also after a restart of the control
   * plane. Throws when no address is left. `node` is the Node that it is on, if the Pod is new.
   */
  setup(ref: PodRef, node?: string): Promise<PodAddress>;

  /**
   * What setup() answers for a Pod that has been set up, without a look at all of it: for commands beside what runs.
   * Undefined when there is nothing. Absent: setup() costs no more.
   */
  known?(ref: PodRef): Promise<PodAddress | undefined>;

  /** A Pod is about to end: resolves when nobody is led to it any more who can be led to others. Absent: nobody is led here. */
  leaving?(ref: PodRef): Promise<void>;

  /** Frees what setup() took. Nothing happens when there is none. */
  teardown(ref: PodRef): Promise<void>;

  /** Is where Pods are that share the node's network, if that is not this machine's. */
  ofNode?: NodeNetwork;

  /** The processes that have the Pod's network to themselves. Absent where Pods share the machine's. */
  processes?(ref: PodRef): Promise<number[]>;
}

/** A network that stands for the node's. */
export interface NodeNetwork extends Pick<PodAddress, 'wrap' | 'user'> {
  /** A process that is in it. */
  pid: number;
}

/** A port of the machine that leads to one of a Pod. */
export interface HostPort {
  hostPort: number;
  containerPort: number;
  protocol: string;
  hostIP?: string;
}

export interface HostPorts {
  /** Opens them, unless they are open. Throws, saying which one cannot be, and then none is. */
  open(ref: PodRef, ip: string, ports: HostPort[]): Promise<void>;
  close(ref: PodRef): Promise<void>;
}

export interface PodAddress {
  /** An IPv4 address that the control plane can reach. */
  ip: string;
  /** It belongs to the Pod alone, with every port of it; otherwise it is one of the machine's. */
  own?: boolean;
  /**
   * Says how many users the user namespace has that `wrap` enters too, as its root: it owns the Pod's network. Absent: it
   * enters none.
   */
  user?: 'one' | 'all';
  /** The command line that runs `command` where this address is the Pod's own, for example by nsenter. */
  wrap(command: string[]): string[];
}
