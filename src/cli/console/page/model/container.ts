import type { ContainerStatus, Pod } from '../api/types.ts';
import type { Tone } from './pod.ts';

/** Describes what a container does, or how it ended. */
export interface ContainerLine {
  word: string;
  tone: Tone;
  /** Since when, RFC 3339. */
  at?: string;
  message?: string;
}

type Ended = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

export function stateOfContainer(status: ContainerStatus | undefined): ContainerLine {
  const { running, waiting, terminated } = status?.state ?? {};
  if (terminated) return ended(terminated);
  if (running) return { word: 'Running', tone: status?.ready ? 'good' : 'busy', at: running.startedAt };
  if (!waiting) return { word: 'Waiting', tone: 'busy' };
  const isHarmless = /^(ContainerCreating|PodInitializing)$/.test(waiting.reason ?? '');
  return {
    word: waiting.reason ?? 'Waiting',
    tone: isHarmless || !waiting.reason ? 'busy' : 'bad',
    message: waiting.message,
  };
}

/** A word for the run whose log there is: of the one that goes on, or of the last one. Empty before the first. */
export function runOf({ status }: Pod, container: string): string {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return all.find(({ name }) => name === container)?.containerID ?? '';
}

/** How it ended before it was started again. */
export function lastEnd(status: ContainerStatus | undefined): ContainerLine | undefined {
  const terminated = status?.lastState?.terminated;
  return terminated && ended(terminated);
}

const ended = ({ reason, exitCode, signal, finishedAt, message }: Ended): ContainerLine => ({
  word: `${reason ?? 'Ended'} (${signal ? `signal ${signal}` : `exit code ${exitCode}`})`,
  tone: exitCode === 0 ? 'quiet' : 'bad',
  at: finishedAt,
  message,
});
