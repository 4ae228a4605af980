import type { Duplex } from 'node:stream';
import type { Soon } from '../../meta/soon.ts';

/**
 * Describes what the core sees of HTTP: plain data, so that both transports stay thin and a request costs no stream
 * objects. (docs/adr/0001 says why these and not the web-standard Request and Response.)
 */
export interface ApiRequest {
  method: string;
  /** Path and query as sent, still percent-encoded: `/api/v1/pods?limit=500`. */
  target: string;
  /** A header's value by its lower-case name; several are joined with `, `. */
  header(name: string): string | undefined;
  /** Headers whose lower-case name begins with `prefix`, one entry for each line: repeated ones are not joined. */
  headersBeginning(prefix: string): readonly (readonly [name: string, value: string])[];
  /** The whole body. Throws RequestEntityTooLarge beyond `limit` bytes, BadRequest when it was cut off. */
  body(limit: number): Soon<Uint8Array>;
  /** The body as it comes, instead of body(). Absent where the transport only has the whole of it. */
  chunks?(): AsyncIterable<Uint8Array>;
  peer: Peer;
  /** Aborts when the client is gone. */
  signal: AbortSignal;
}

/** Describes who is at the other end, as far as the transport verified it. */
export interface Peer {
  address: string;
  /** Subject of a client certificate that the transport verified against the control plane's own CA. */
  certificate?: ClientCertificate;
  /** The client showed a certificate that is not good here (expired, or of another authority). */
  certificateRefused?: boolean;
  /** Set only by callers in the same process (controllers): no credential is asked. */
  internal?: { user: string; groups: string[] };
  /** Set with `internal` only: where an answer has `objects`, its body is not asked for. */
  takesObjects?: boolean;
}

/** Is what a transport has verified of the client's certificate; the API does not check it again. */
export interface ClientCertificate {
  commonName: string;
  organizations: string[];
  /** SHA-256 of the certificate, lower-case hexadecimal. */
  fingerprint?: string;
}

/** Is an answer before a transport writes it. */
export interface ApiResponse {
  status: number;
  headers: Record<string, string | string[]>;
  /** Bytes, or a stream that ends when the answer does; a transport stops reading when the client is gone. */
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
