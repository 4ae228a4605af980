import type { Container, ContainerStatus, Pod, PodPhase, PodSpec } from '../../kinds/schema/types.ts';
import { isSidecar, mayRestart, restarts } from '../../podspec/restart.ts';

/** kubelet's phase for what its containers do. */
export function phaseOf(pod: Pod, init: ContainerStatus[], containers: ContainerStatus[]): PodPhase {
  const { initContainers = [], ...spec } = pod.spec ?? { containers: [] };
  /** Will a container that has ended, maybe a while ago, run again? */
  const isOver = (container: Container, isInit: boolean, code: number | undefined) =>
    code !== undefined && !restarts(spec, container, isInit, code);
  for (const container of initContainers) {
    const code = lastExit(init.find(({ name }) => name === container.name));
    if (code !== 0 && !isSidecar(container, true) && isOver(container, true, code)) return 'Failed';
  }
  if (!isInitialized(pod, init)) return 'Pending';
  let [running, waiting, over, succeeded] = [0, 0, 0, 0];
  for (const container of spec.containers) {
    const status = containers.find(({ name }) => name === container.name);
    const code = lastExit(status);
    if (status?.state?.running) running++;
    else if (code === undefined) waiting++;
    if (isOver(container, false, code) && !isToRunAgain(spec, container, status)) over++;
    if (status?.state?.terminated?.exitCode === 0) succeeded++;
  }
  if (waiting > 0) return 'Pending';
  if (running > 0 || over < spec.containers.length) return 'Running';
  return succeeded === over ? 'Succeeded' : 'Failed';
}

/** As with kubelet, one that ended and waits is started again, also where it exited with 0: a probe had given it up. */
const isToRunAgain = (spec: PodSpec, container: Container, status: ContainerStatus | undefined): boolean =>
  status?.state?.waiting !== undefined && mayRestart(spec, container);

/** How a container ended that does not run; undefined of one that runs, or never did. */
const lastExit = ({ state, lastState }: ContainerStatus = {} as ContainerStatus): number | undefined =>
  state?.running ? undefined : (state?.terminated ?? lastState?.terminated)?.exitCode;

/** Every init container has done its work, or, as a sidecar, has started. */
export function isInitialized(pod: Pod, init: ContainerStatus[]): boolean {
  return (pod.spec?.initContainers ?? []).every(({ name, restartPolicy }) => {
    const status = init.find((s) => s.name === name);
    if (restartPolicy === 'Always') return status?.started === true;
    return status?.state?.terminated?.exitCode === 0 || (status?.ready === true && !status.state?.running);
  });
}
