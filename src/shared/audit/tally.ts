import type { Gathered } from '../observability/metrics.ts';
import type { Level } from './policy.ts';

/** Counts what became of events, as kube-apiserver does. */
export interface AuditTally {
  /** A request was found to be of this level. */
  requested(level: Level): void;
  /** An event was given to the log. */
  told(): void;
  /** Events are lost to what goes by this name in metrics: `log` is a file, `truncate` is for events too large. */
  lost(plugin: string, events: number): void;
  readonly figures: readonly Gathered[];
}

/** Makes a tally that begins with nothing. */
export function auditTally(): AuditTally {
  const levels = new Map<string, number>();
  const errors = new Map<string, number>();
  let events = 0;
  const add = (to: Map<string, number>, key: string, many = 1) => to.set(key, (to.get(key) ?? 0) + many);
  const labelled = (label: string, from: Map<string, number>) =>
    [...from].map(([key, value]) => [{ [label]: key }, value] as const);
  return {
    requested: (level) => add(levels, level),
    told: () => {
      events++;
    },
    lost: (plugin, many) => add(errors, plugin, many),
    figures: [
      {
        name: 'apiserver_audit_event_total',
        help: 'Counter of audit events generated and sent to the audit backend.',
        type: 'counter',
        labelNames: [],
        read: () => [[{}, events]],
      },
      {
        name: 'apiserver_audit_error_total',
        help: 'Counter of audit events that failed to be audited properly. Plugin identifies the plugin affected by the error.',
        type: 'counter',
        labelNames: ['plugin'],
        read: () => labelled('plugin', errors),
      },
      {
        name: 'apiserver_audit_level_total',
        help: 'Counter of policy levels for audit events (1 per request).',
        type: 'counter',
        labelNames: ['level'],
        read: () => labelled('level', levels),
      },
    ],
  };
}
