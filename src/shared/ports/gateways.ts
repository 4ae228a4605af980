import type { ServiceRef } from './loadBalancers.ts';
import type { Routing } from './routing.ts';

/** Names a Gateway of a logical cluster. */
export type GatewayRef = ServiceRef;

/** Serves Gateways, each at an address of its own. Called with every change; idempotent. */
export interface Gateways {
  /**
   * Serves exactly these ports, at every requested address; without one, always at the same address of its choice. Requests
   * that are under way finish by the old routing.
   */
  ensure(ref: GatewayRef, routing: Routing, addresses?: readonly string[]): Promise<GatewayOutcome>;

  /** Stops serving and frees the address. Nothing happens when there is none. */
  remove(ref: GatewayRef): Promise<void>;

  /** Every Gateway served here, for sweeping. */
  list(): Promise<GatewayRef[]>;
}

/** Describes where a Gateway is reached. */
export interface GatewayOutcome {
  /** Absent when the requested addresses are not available; then nothing is served. */
  address?: string;
  /** Where each port of the Gateway answers. */
  ports: ReadonlyMap<number, GatewayPort>;
}

/** Describes on which port a port of a Gateway answers, and why, if it is another one than requested. */
export interface GatewayPort {
  port: number;
  why?: string;
}
