import type { ServiceRef } from './loadBalancers.ts';
import type { Routing } from './routing.ts';

/** Names a Gateway of a logical cluster. */
export type GatewayRef = ServiceRef;

/** Serves Gateways, each at an address of its own. Called with every change; idempotent. */
export interface Gateways {
  /**
   * Serves these ports and no others, at every address that is asked for; where none is, always at the same one.
   * Requests under way end as they began.
   */
  ensure(ref: GatewayRef, routing: Routing, addresses?: readonly string[]): Promise<GatewayOutcome>;

  /** Stops serving and frees the address. Nothing happens when there is none. */
  remove(ref: GatewayRef): Promise<void>;

  /** Every Gateway served here, for sweeping. */
  list(): Promise<GatewayRef[]>;
}

/** Describes where a Gateway is reached. */
export interface GatewayOutcome {
  /** Absent: the addresses that were asked for cannot be had, and nothing is served. */
  address?: string;
  /** Where each port of the Gateway answers. */
  ports: ReadonlyMap<number, GatewayPort>;
}

/** Describes where one port answers, and why there, if it is not the port that was asked for. */
export interface GatewayPort {
  port: number;
  why?: string;
}
