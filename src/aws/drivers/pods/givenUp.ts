import type { Task } from '@aws-sdk/client-ecs';
import type { Container, Pod } from '../../../shared/kinds/schema/types.ts';
import { mayRestart } from '../../../shared/podspec/restart.ts';

/** A container that a probe of it has given up. */
export interface FailedProbe {
  name: string;
  probe: 'startup' | 'liveness';
}

/** Is why a task is stopped then, in kubelet's words: ECS keeps it with the task, so that nobody has to remember. */
export const givenUpWords = ({ name, probe }: FailedProbe): string =>
  `Container ${name} failed ${probe} probe, will be restarted`;

/** Returns whether a container of a task that a probe has ended runs again, as with kubelet whatever it exits with. */
export function runsAgain(pod: Pod, container: Container, { stoppedReason = '' }: Task): boolean {
  return givenUp.test(stoppedReason) && mayRestart(pod.spec, container);
}

const givenUp = /^Container \S+ failed (startup|liveness) probe, will be restarted$/;
