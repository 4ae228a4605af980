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
  /** Who asked for what, and how it went: the log looks at none of it. */
  [further: string]: unknown;
}

/** Keeps events where its driver says. A log that fails never fails the request that it tells of. */
export interface AuditLog {
  /** Takes one event, and never throws. The event may be written later, in the order in which it came. */
  write(event: AuditEvent): void;
  /** Resolves when all that was taken has been written, or counted as lost. Never rejects. */
  flush(): Promise<void>;
  /** Writes what was taken, and lets go of the place. */
  close(): Promise<void>;
}
