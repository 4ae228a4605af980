import type { RunState } from '../sandbox.ts';
import type { ContainerState } from './answers.ts';

/** Returns how a container stands, as the Pod worker knows it. One that was made and never started is `absent`. */
export function runStateOf(state: ContainerState, now: number): RunState {
  const { Status = '', ExitCode = 0, OOMKilled } = state;
  // Podman has words of its own between these.
  if (['created', 'configured', 'initialized'].includes(Status)) return { kind: 'absent' };
  const startedAt = timeOf(state.StartedAt) ?? now;
  if (['running', 'paused', 'restarting', 'stopping'].includes(Status)) return { kind: 'running', startedAt };
  return {
    kind: 'ended',
    exitCode: ExitCode,
    startedAt,
    finishedAt: timeOf(state.FinishedAt) ?? now,
    ...(OOMKilled && { reason: 'OOMKilled' }),
  };
}

/** Engines write the year 1 for what has not been. */
function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return time > 0 ? time : undefined;
}
