import type { ContainerStatus, Pod } from '../../../shared/kinds/schema/types.ts';
import { containersOf } from '../../../shared/podspec/containers.ts';
import { fallbackLog } from '../../../shared/podspec/fallbackLog.ts';
import type { PodObservation } from '../../../shared/ports/cloud.ts';
import { taskIn } from './identity.ts';
import { storedStatus } from './statuses.ts';

/** Reads the last lines of a container's output in a task. */
export type TailReader = (container: string, task: string, lines: number) => Promise<Uint8Array>;

/**
 * What is seen of a Pod, with the end of the log as the message of each container that has just failed and asks for it
 * (`FallbackToLogsOnError`). It is read once: the Pod's status has it from then on. A file in a container that has ended
 * cannot be read on Fargate.
 */
export async function withLastWords(
  pod: Pod,
  seen: PodObservation,
  read: TailReader,
): Promise<PodObservation> {
  if (isGoing(pod)) return seen;
  const asks = new Set(
    containersOf(pod)
      .filter(({ terminationMessagePolicy }) => terminationMessagePolicy === 'FallbackToLogsOnError')
      .map(({ name }) => name),
  );
  if (asks.size === 0) return seen;
  const told = (statuses: ContainerStatus[]) =>
    Promise.all(statuses.map((status) => (asks.has(status.name) ? withWords(pod, status, read) : status)));
  return {
    ...seen,
    initContainerStatuses: await told(seen.initContainerStatuses),
    containerStatuses: await told(seen.containerStatuses),
  };
}

/** Nobody is left to read the words of a Pod that goes as soon as it has ended. */
const isGoing = ({ metadata }: Pod): boolean =>
  Boolean(metadata.deletionTimestamp && !metadata.finalizers?.length);

async function withWords(pod: Pod, status: ContainerStatus, read: TailReader): Promise<ContainerStatus> {
  const { name, state, lastState } = status;
  const stored = storedStatus(pod, name);
  const known = [stored?.state, stored?.lastState].map((each) => each?.terminated?.containerID);
  const end = state?.terminated ?? (state?.waiting && lastState?.terminated);
  if (!end?.exitCode || end.message || !end.containerID || known.includes(end.containerID)) return status;
  const message = await read(name, taskIn(end.containerID), fallbackLog.mostLines).then(
    (bytes) => Buffer.from(bytes).subarray(-fallbackLog.mostBytes).toString(),
    (error: Error) => `Error on reading termination message from logs: ${error.message}`,
  );
  const terminated = { ...end, ...(message && { message }) };
  return state?.terminated ? { ...status, state: { terminated } } : { ...status, lastState: { terminated } };
}
