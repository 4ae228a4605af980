import type { ContainerStatus, Pod, PodPhase } from '../../kinds/schema/types.ts';

/** kubelet's phase for what its containers do. */
export function phaseOf(pod: Pod, init: ContainerStatus[], containers: ContainerStatus[]): PodPhase {
  const policy = pod.spec?.restartPolicy ?? 'Always';
  const sidecars = new Set(
    (pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map((c) => c.name),
  );
  const plainInit = init.filter(({ name }) => !sidecars.has(name));
  if (policy === 'Never' && plainInit.some((s) => s.state?.terminated && s.state.terminated.exitCode !== 0))
    return 'Failed';
  if (!isInitialized(pod, init)) return 'Pending';
  let [running, waiting, stopped, succeeded] = [0, 0, 0, 0];
  for (const { name } of pod.spec?.containers ?? []) {
    const status = containers.find((s) => s.name === name);
    if (status?.state?.running) running++;
    else if (status?.state?.terminated) {
      stopped++;
      if (status.state.terminated.exitCode === 0) succeeded++;
    } else if (status?.lastState?.terminated) stopped++;
    else waiting++;
  }
  if (waiting > 0) return 'Pending';
  if (running > 0 || policy === 'Always') return 'Running';
  if (stopped === succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

/** Every init container has done its work, or, as a sidecar, has started. */
export function isInitialized(pod: Pod, init: ContainerStatus[]): boolean {
  return (pod.spec?.initContainers ?? []).every(({ name, restartPolicy }) => {
    const status = init.find((s) => s.name === name);
    if (restartPolicy === 'Always') return status?.started === true;
    return status?.state?.terminated?.exitCode === 0 || (status?.ready === true && !status.state?.running);
  });
}
