/** Calls out of the control plane, to the webhooks of clusters. */
export interface Webhooks {
  /**
   * Posts JSON and answers whatever came back, whatever its status; redirects are not followed. The server's certificate
   * has to be of the given authority, for the host of the URL or `<service>.<namespace>.svc`.
   * @throws CallFailed when there was no answer: nobody there, not trusted, too late, too large, the client gone.
   */
  post(request: WebhookRequest): Promise<WebhookAnswer>;
}

/** One of `url` and `service`. */
export interface WebhookAddress {
  url?: string;
  service?: WebhookService;
  /** Certificates of authorities, PEM in base64. Absent: those that the machine trusts. */
  caBundle?: string;
}

/** A Service of the cluster, and where in it. */
export interface WebhookService {
  namespace: string;
  name: string;
  path?: string;
  /** Default 443. */
  port?: number;
}

/** One call. */
export interface WebhookRequest {
  /** The logical cluster in which the Service is. */
  cluster: string;
  address: WebhookAddress;
  /** JSON. */
  body: string;
  /** For all of it. The webhook is told, in the query. */
  timeoutSeconds: number;
  /** Bytes of an answer that are taken at most. */
  mostBytes: number;
  /** Aborts when nobody waits for the answer any more. */
  signal?: AbortSignal;
}

/** Describes what came back, whatever its status. */
export interface WebhookAnswer {
  status: number;
  /** Empty when it says none. */
  contentType: string;
  body: Uint8Array;
}

/**
 * A webhook did not answer. The message is in the words of a real server, such as
 * `Post "https://hooks.example.com/?timeout=10s": context deadline exceeded`.
 */
export class CallFailed extends Error {
  /** Is what the address says makes no client: nothing was sent. */
  readonly isUnusable: boolean;

  constructor(message: string, isUnusable = false) {
    super(message);
    this.isUnusable = isUnusable;
  }
}
