import type { Duplex } from 'node:stream';
import type { Soon } from '../../meta/soon.ts';

/**
 * An HTTP request as the core sees it: plain data, so that both transports stay thin and a request needs no stream
 * objects. (docs/adr/0001 says why these and not the web-standard Request and Response.)
 */
export interface ApiRequest {
  method: string;
  /** Path and query as sent, still percent-encoded: `/api/v1/pods?limit=500`. */
  target: string;
  /** Returns the value of a header by its lower-case name; several values are joined with `, `. */
  header(name: string): string | undefined;
  /** Returns the headers whose lower-case name begins with `prefix`, one entry for each line; repeated ones are not joined. */
  headersBeginning(prefix: string): readonly (readonly [name: string, value: string])[];
  /** Reads the whole body. Throws RequestEntityTooLarge beyond `limit` bytes, and BadRequest when it was cut off. */
  body(limit: number): Soon<Uint8Array>;
  /** The body as a stream, instead of body(). Absent where the transport has only the whole body. */
  chunks?(): AsyncIterable<Uint8Array>;
  peer: Peer;
  /** Aborts when the client is gone. */
  signal: AbortSignal;
}

/** The client, as far as the transport verified it. */
export interface Peer {
  address: string;
  /** The subject of a client certificate that the transport verified against the CA of the control plane. */
  certificate?: ClientCertificate;
  /** True when the client presented an invalid certificate (expired, or of another authority). */
  certificateRefused?: boolean;
  /** Set only by callers in the same process (controllers), which need no credential. */
  internal?: { user: string; groups: string[] };
  /** Set with `internal` only: the caller reads `objects` of an answer instead of its body. */
  takesObjects?: boolean;
}

/** The verified client certificate; the API does not check it again. */
export interface ClientCertificate {
  commonName: string;
  organizations: string[];
  /** SHA-256 of the certificate, lower-case hexadecimal. */
  fingerprint?: string;
}

/** An answer before a transport writes it. */
export interface ApiResponse {
  status: number;
  headers: Record<string, string | string[]>;
  /** Bytes, or a stream that ends with the answer. A transport stops reading when the client has left. */
  body: Uint8Array | AsyncIterable<Uint8Array>;
  /**
   * In place of the body of a list, for who takes them: each object's JSON. As long as an object stays what it is, and storage
   * keeps the list, its bytes are the same array.
   */
  objects?: readonly Uint8Array[];
  /**
   * Only with 101, as an answer to a request with an `upgrade` header: takes over the connection once the headers are
   * written, and ends it (docs/adr/0006). A transport that cannot hand one over passes no such header on.
   */
  upgrade?(connection: Duplex): void;
}

/** The whole API behind one function. Never throws: every error is a Status. */
export type Handle = (request: ApiRequest) => Promise<ApiResponse>;
