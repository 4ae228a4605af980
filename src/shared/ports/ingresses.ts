import type { Ingress, IngressLoadBalancerIngress } from '../kinds/schema/types.ts';
import type { ServiceEndpoint, ServiceRef, Targets } from './loadBalancers.ts';

/**
 * Identifies one load balancer or router: that of an Ingress, or of a group of Ingresses in a logical cluster. We call it a
 * place. A group has no namespace and no object, so its `uid` is made of its name.
 */
export type IngressRef = ServiceRef;

/** Serves HTTP by host and path. Called with every change of Ingresses, their Services or endpoints; idempotent. */
export interface Ingresses {
  /**
   * Set when all Ingresses of a logical cluster share one place, which uses the certificates of their Secrets. Absent when each
   * Ingress has its own place, unless annotations group them, and certificates come from elsewhere.
   */
  readonly isRouter?: true;

  /**
   * Routes requests by the rules of the Ingresses, in this order, to the ready endpoints of their Services. An Ingress that is
   * invalid, or that conflicts with another one, is left out. Only endpoints change when all are left out, or when a served
   * one has an unreadable setting of the whole place: that setting may restrict who has access.
   */
  ensure(ref: IngressRef, members: IngressMember[]): Promise<IngressOutcome>;

  /** Stops routing and frees everything. Nothing happens when there is none. */
  remove(ref: IngressRef): Promise<void>;

  /** Every Ingress and group served here, for sweeping. */
  list(): Promise<IngressRef[]>;

  /**
   * Reports the health of the targets of a place. Absent where targets get requests as soon as ensure() names them, and none
   * as soon as it does not.
   */
  targets?: Targets;
}

/** One Ingress of a place, with what its backends lead to. */
export interface IngressMember {
  ingress: Ingress;
  /**
   * True when it has been served there until now: its settings of the whole place remain in force when it is left out.
   */
  isServed: boolean;
  backends: IngressEndpoints[];
  /** The certificates that its `tls` names; of a router only. */
  certificates?: IngressCertificate[];
}

/** A certificate with its key, in PEM, for the hosts that it names; without names, for every host that has no certificate. */
export interface IngressCertificate {
  hosts: string[];
  /** Name of the Secret. */
  secret: string;
  certificate: string;
  key: string;
}

/** Describes the result of serving a place. */
export interface IngressOutcome {
  /** Where the Ingresses can be reached; empty while it is unknown, absent when nothing changed. */
  points?: IngressLoadBalancerIngress[];
  /** Why Ingresses were left out, by UID: Invalid errors that name the field or annotation. */
  refused: Map<string, Error>;
  /** The addresses that get requests, where these can differ from those of all endpoints. */
  routed?: ReadonlySet<string>;
  /** Further messages for the owners of Ingresses. */
  notices?: IngressNotice[];
}

/** Becomes an Event of the Ingress. */
export interface IngressNotice {
  uid: string;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

/** Describes the endpoints of one Service port that an Ingress names; there are none while the port does not exist. */
export interface IngressEndpoints {
  service: string;
  /** Name or number, as in the Ingress. */
  port: string | number;
  /** The annotations of the Service. */
  annotations?: Record<string, string>;
  endpoints: ServiceEndpoint[];
}
