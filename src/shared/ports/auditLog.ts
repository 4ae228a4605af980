/** An event of audit.k8s.io/v1. */
export interface AuditEvent {
  kind: 'Event';
  apiVersion: 'audit.k8s.io/v1';
  level: string;
  auditID: string;
  stage: string;
  /** A MicroTime. */
  stageTimestamp: string;
  requestObject?: unknown;
  responseObject?: unknown;
  annotations?: Readonly<Record<string, string>>;
  /** Further fields of the event. The log does not read them. */
  [further: string]: unknown;
}

/** Writes audit events. A log that fails never fails the request that it describes. */
export interface AuditLog {
  /** Accepts one event; never throws. Events may be written later, and are written in the order of the calls. */
  write(event: AuditEvent): void;
  /** Resolves when every accepted event has been written, or counted as lost. Never rejects. */
  flush(): Promise<void>;
  /** Writes the accepted events, and closes the log. */
  close(): Promise<void>;
}
