import type { ServiceEndpoint } from './loadBalancers.ts';

/** Is what a router does with requests: Ingresses and HTTPRoutes are compiled into it. */
export interface Routing {
  ports: RoutedPort[];
  /** By the name that rules give it. */
  backends: ReadonlyMap<string, RoutedBackend>;
}

/** A Service port with what it leads to. */
export interface RoutedBackend {
  namespace: string;
  service: string;
  endpoints: ServiceEndpoint[];
  /** It is spoken to in HTTP/2, without asking it first. Absent: HTTP/1.1. */
  isHttp2?: true;
  /** It is spoken to over TLS. */
  tls?: BackendTls;
}

/** Says how a program shows that it is the one that is meant. */
export interface BackendTls {
  /** Is asked for, and has to be in the certificate unless there are `names`. */
  hostname: string;
  /** Authorities, PEM, one of which vouches for it. Absent: those that this machine trusts. */
  authorities?: string[];
  /** One of these has to be in the certificate. */
  names?: { type: 'DNS' | 'URI'; value: string }[];
}

/** Describes what one port serves. */
export interface RoutedPort {
  /** As it was asked for. It may be served at another one: see GatewayOutcome. */
  port: number;
  isSecure: boolean;
  /** Connections are handed on by the name that they greet with: what is inside them, or TLS and all. Absent: it serves HTTP. */
  streams?: 'decrypted' | 'encrypted';
  hosts: RoutedHost[];
  /** Absent without TLS. */
  certificates?: RoutedCertificate[];
}

/** A host with its rules. The most specific host counts. */
export interface RoutedHost {
  /** `shop.example.com`, `*.example.com`, or empty: every host that nothing else is for. */
  host: string;
  /** The wildcard stands for one label, as in Ingresses. Absent: for any number of them. */
  isOneLabel?: true;
  /** Says who speaks for the host over TLS: a request for another one's host than its handshake named is misdirected. */
  owner?: string;
  /** In the order in which they are asked. Hosts share the lists that they have in common. */
  rules: readonly (readonly RouteRule[])[];
}

/** A certificate with its key, PEM, for a host as RoutedHost names it. */
export interface RoutedCertificate {
  host: string;
  isOneLabel?: true;
  certificate: string;
  key: string;
}

/** Says what happens to the requests that it matches: they are redirected, or go to one of its backends. */
export interface RouteRule {
  /** Stays the same while the rule changes, so that its turns among backends go on. */
  name: string;
  match: RequestMatch;
  requestHeaders?: HeaderChanges;
  responseHeaders?: HeaderChanges;
  redirect?: Redirect;
  rewrite?: Rewrite;
  mirrors?: Mirror[];
  /** None, or only such of weight 0, is answered by 500. */
  backends: WeightedBackend[];
  /** Milliseconds from the request until its answer is complete. Absent: as long as it takes. */
  timeoutMs?: number;
  /** Likewise of one attempt at a backend. */
  backendTimeoutMs?: number;
}

/** Describes a request: what is absent may be anything. */
export interface RequestMatch {
  path: { type: 'exact' | 'prefix' | 'regex'; value: string };
  method?: string;
  headers?: ValueMatch[];
  query?: ValueMatch[];
}

/** A value of this name has to be there and equal, or match all of the expression (RE2's syntax). */
export interface ValueMatch {
  name: string;
  value: string;
  isRegex?: true;
}

/** Is what becomes of headers, in this order. */
export interface HeaderChanges {
  set?: NamedValue[];
  add?: NamedValue[];
  remove?: string[];
}

/** A header with its value. */
export interface NamedValue {
  name: string;
  value: string;
}

/** Is what becomes of a path: all of it is replaced, or only the prefix that the rule matched. */
export type PathChange = { type: 'full'; value: string } | { type: 'prefix'; prefix: string; value: string };

/** Says where a client is sent; what is absent stays as the client asked. */
export interface Redirect {
  scheme?: string;
  hostname?: string;
  path?: PathChange;
  port?: number;
  statusCode: number;
}

/** Is what a program gets to see instead of what the client asked for. */
export interface Rewrite {
  hostname?: string;
  path?: PathChange;
}

/** Gets a copy of requests, and its answers are dropped. */
export interface Mirror {
  backend: string;
  /** Of 1. */
  share: number;
}

/** One of the places that a rule sends requests to, in proportion to the weights. */
export interface WeightedBackend {
  /** Names endpoints of the routing. Absent: there is no such place, and its share of requests is answered by 500. */
  backend?: string;
  weight: number;
  requestHeaders?: HeaderChanges;
  responseHeaders?: HeaderChanges;
}
