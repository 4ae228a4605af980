import type { Ingress, IngressLoadBalancerIngress } from '../kinds/schema/types.ts';
import type { ServiceEndpoint, ServiceRef, Targets } from './loadBalancers.ts';

/**
 * Describes what one place serves: an Ingress, or a group of them in a logical cluster. A group has no namespace, and
 * its name makes the `uid`, since it has no object.
 */
export type IngressRef = ServiceRef;

/** Serves HTTP by host and path. Called with every change of Ingresses, their Services or endpoints; idempotent. */
export interface Ingresses {
  /**
   * All Ingresses of a logical cluster are one place, served with the certificates of their Secrets. Absent: each has a
   * place of its own, unless annotations put several into one, and certificates come from elsewhere.
   */
  readonly isRouter?: true;

  /**
   * Routes what the rules of the Ingresses say to the ready endpoints of their Services, in this order. One that cannot
   * be had, by itself or beside the others, is left out. Nothing but endpoints changes when none can, or when one that is
   * served there says something of the whole place that cannot be read: it might be who may come in.
   */
  ensure(ref: IngressRef, members: IngressMember[]): Promise<IngressOutcome>;

  /** Stops routing and frees everything. Nothing happens when there is none. */
  remove(ref: IngressRef): Promise<void>;

  /** Every Ingress and group served here, for sweeping. */
  list(): Promise<IngressRef[]>;

  /**
   * Says how targets of a place fare. Absent where they get requests from the moment that ensure() names them, and none
   * after.
   */
  targets?: Targets;
}

/** One Ingress of a place, with what its backends lead to. */
export interface IngressMember {
  ingress: Ingress;
  /**
   * Says whether it was served there up to now: what it says of the whole place goes on to count when it is left out.
   */
  isServed: boolean;
  backends: IngressEndpoints[];
  /** Of a router only: what its `tls` names. */
  certificates?: IngressCertificate[];
}

/** A certificate with its key, PEM, for hosts; for all that have none of their own when it names no host. */
export interface IngressCertificate {
  hosts: string[];
  /** Name of the Secret. */
  secret: string;
  certificate: string;
  key: string;
}

/** Describes what came of serving a place. */
export interface IngressOutcome {
  /** Says where all can be reached; empty while not yet known, absent when nothing changed. */
  points?: IngressLoadBalancerIngress[];
  /** Says why those that are left out cannot be had, by UID: Invalid errors that name the field or annotation. */
  refused: Map<string, Error>;
  /** Addresses that the place was told to send requests to, where that can be others than those of all endpoints. */
  routed?: ReadonlySet<string>;
  /** Is what else owners should know, of Ingresses by UID. */
  notices?: IngressNotice[];
}

/** Becomes an Event of the Ingress. */
export interface IngressNotice {
  uid: string;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

/** Describes what one Service port that an Ingress names leads to; no endpoints while there is no such port. */
export interface IngressEndpoints {
  service: string;
  /** As in the Ingress. */
  port: string | number;
  /** The annotations of the Service. */
  annotations?: Record<string, string>;
  endpoints: ServiceEndpoint[];
}
