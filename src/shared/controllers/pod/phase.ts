import type { Container, ContainerStatus, Pod, PodPhase } from '../../kinds/schema/types.ts';
import { restarts } from '../../meta/restart.ts';

/** kubelet's phase for what its containers do. */
export function phaseOf(pod: Pod, init: ContainerStatus[], containers: ContainerStatus[]): PodPhase {
  const spec = pod.spec ?? { containers: [] };
  // By the rules and the policy of a container of its own, or by the Pod's.
  const isStarted = (container: Container, isInit: boolean, { exitCode }: { exitCode: number }) =>
    restarts(spec, container, isInit, exitCode);
  const hasFailed = (container: Container) => {
    const end = endOf(init.find(({ name }) => name === container.name));
    return end !== undefined && end.exitCode !== 0 && !isStarted(container, true, end);
  };
  if (spec.initContainers?.some(hasFailed)) return 'Failed';
  if (!isInitialized(pod, init)) return 'Pending';
  let [isRunning, isWaiting, isRestarting, isFailed] = [false, false, false, false];
  for (const container of spec.containers) {
    const status = containers.find(({ name }) => name === container.name);
    const end = endOf(status);
    if (status?.state?.running) isRunning = true;
    else if (!end) isWaiting = true;
    else if (isStarted(container, false, end)) isRestarting = true;
    else isFailed ||= end.exitCode !== 0;
  }
  if (isWaiting) return 'Pending';
  if (isRunning || isRestarting) return 'Running';
  return isFailed ? 'Failed' : 'Succeeded';
}

/** How it ended last, if it does not run. */
const endOf = (status: ContainerStatus | undefined) =>
  status?.state?.running ? undefined : (status?.state?.terminated ?? status?.lastState?.terminated);

/** Every init container has done its work, or, as a sidecar, has started. */
export function isInitialized(pod: Pod, init: ContainerStatus[]): boolean {
  return (pod.spec?.initContainers ?? []).every(({ name, restartPolicy }) => {
    const status = init.find((s) => s.name === name);
    if (restartPolicy === 'Always') return status?.started === true;
    return status?.state?.terminated?.exitCode === 0 || (status?.ready === true && !status.state?.running);
  });
}
