import type { Deployment } from '../api/types.ts';
import type { Tone } from './pod.ts';

/** Describes how far an update is. */
export interface Rollout {
  tone: Tone;
  text: string;
  /** Updated and available Pods, of those wanted. */
  done: number;
  wanted: number;
}

/** The same questions in the same order as `kubectl rollout status`. */
export function rolloutOf({ metadata, spec, status }: Deployment): Rollout {
  const wanted = spec?.replicas ?? 1;
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, observedGeneration = 0 } = status ?? {};
  const old = replicas - updatedReplicas;
  const done = Math.min(updatedReplicas, Math.max(0, availableReplicas - old), wanted);
  const is = (tone: Tone, text: string): Rollout => ({ tone, text, done, wanted });
  const failure = status?.conditions?.find(
    ({ type, reason, status }) =>
      (type === 'Progressing' && reason === 'ProgressDeadlineExceeded') ||
      (type === 'ReplicaFailure' && status === 'True'),
  );
  if (failure) return is('bad', `Stuck: ${failure.message ?? failure.reason}`);
  if (spec?.paused) return is('quiet', 'Paused');
  if (observedGeneration < (metadata.generation ?? 0)) return is('busy', 'A change waits to be seen');
  if (updatedReplicas < wanted) return is('busy', `Rolling out: ${updatedReplicas} of ${wanted} are new`);
  if (old > 0) return is('busy', `Rolling out: ${old} old ${old === 1 ? 'Pod' : 'Pods'} to go`);
  if (availableReplicas < updatedReplicas)
    return is('busy', `${availableReplicas} of ${updatedReplicas} are available`);
  if (wanted === 0) return is('quiet', 'Scaled to zero');
  return is('good', wanted === 1 ? 'Up to date and available' : `All ${wanted} are up to date and available`);
}

/** The same with what its newest Pods say: an update whose Pods fail goes on, and gets nowhere. */
export const withFailing = (rollout: Rollout, failing: number): Rollout =>
  failing === 0 || rollout.tone === 'bad'
    ? rollout
    : { ...rollout, tone: 'bad', text: `${rollout.text}; ${failing} ${failing === 1 ? 'fails' : 'fail'}` };
