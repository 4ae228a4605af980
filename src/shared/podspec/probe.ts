import type { Container, Probe } from '../kinds/schema/types.ts';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';

export const probeOf = (container: Container, kind: ProbeKind): Probe | undefined =>
  ({
    startup: container.startupProbe,
    liveness: container.livenessProbe,
    readiness: container.readinessProbe,
  })[kind];

/** Describes where a probe stands; begins anew with each start of the container. */
export interface ProbeState {
  /** The outcome the thresholds have settled on; undefined while they have not. */
  passed?: boolean;
  /** Says how often in a row the last result came. */
  run: number;
  last?: boolean;
  /** Says when to check next, ms since the epoch. */
  dueAt: number;
}

export const firstProbe = (probe: Probe, startedAt: number): ProbeState => ({
  run: 0,
  dueAt: startedAt + (probe.initialDelaySeconds ?? 0) * 1000,
});

export const probeTimeoutMs = (probe: Probe): number => (probe.timeoutSeconds ?? 1) * 1000;

/** The state after a check that ended at `now`. */
export function probed(probe: Probe, state: ProbeState, ok: boolean, now: number): ProbeState {
  const run = state.last === ok ? state.run + 1 : 1;
  const threshold = ok ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
  const period = (probe.periodSeconds ?? 10) * 1000;
  // From when it was due, so that slow checks do not stretch the period, but never two at once.
  const dueAt = Math.max(state.dueAt + period, now);
  return { passed: run >= threshold ? ok : state.passed, run, last: ok, dueAt };
}

/** The number of a port given by number or by name. */
export function portNumber(port: number | string, { ports = [] }: Container): number | undefined {
  const found = typeof port === 'number' ? port : ports.find(({ name }) => name === port)?.containerPort;
  const number = found ?? Number(port);
  return Number.isInteger(number) && number > 0 && number < 65536 ? number : undefined;
}
