import type { Duplex } from 'node:stream';

/** Speaks HTTP to programs in Pods, on behalf of clients of the API. Drivers pass test/contract/reach.ts. */
export interface Reach {
  /**
   * Returns whether requests may be sent to this address. An address comes out of a status that somebody may have
   * written, so what is neither a Pod's nor routed outside this machine (loopback, link-local, multicast) is refused.
   */
  mayReach(address: string): boolean;

  /**
   * Sends a request and resolves with the head of its answer, whatever its status. Certificates are not verified, as a
   * real server does not for Pods. Rejects with an Error in Go's words when nobody answers or `signal` aborts.
   */
  send(request: ReachRequest): Promise<ReachAnswer>;
}

/** Headers in their order, with lower-case names; one entry for each line. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** A request that goes as it is: nothing is added to its headers. */
export interface ReachRequest {
  tls: boolean;
  address: string;
  port: number;
  method: string;
  /** Encoded path with the query. */
  path: string;
  headers: HeaderLines;
  /** Absent: there is none. Read as fast as the program takes it. */
  body?: AsyncIterable<Uint8Array>;
  /** Whom the program has to be, and who this server is. Absent: any certificate will do. */
  trust?: Trust;
  signal: AbortSignal;
}

/** Describes how both ends of a TLS connection are known. */
export interface Trust {
  serverName: string;
  /** PEM; absent: the authorities of the machine. */
  ca?: string;
  /** The program's certificate is not looked at. */
  isInsecure?: boolean;
  /** Is what this server shows, in PEM. */
  client?: { certificate: string; key: string };
}

/** The answer as it comes. */
export interface ReachAnswer {
  status: number;
  headers: HeaderLines;
  /** Rejects when the answer is cut off. Empty after 101. */
  body: AsyncIterable<Uint8Array>;
  /** Set with 101 only: the connection, which is now the caller's to end. */
  connection?: Duplex;
}
