import type { HostPort } from '../../podNetwork.ts';
import { type PodScope, tell } from './scope.ts';

/** Opens what the Pod's containers ask for on this machine; answers whether it is open. An Event says why not. */
export async function openHostPorts(scope: PodScope): Promise<boolean> {
  const { deps, pod, record, ref } = scope;
  const ports = hostPortsOf(scope);
  if (pod.spec?.hostNetwork || !ports.length) return true;
  try {
    if (!deps.hostPorts) throw new Error('host ports are not served by this runtime');
    await deps.hostPorts.open(ref, record.ip ?? '', ports);
    record.held = undefined;
    return true;
  } catch (error) {
    const message = `Failed to create pod sandbox: ${(error as Error).message}`;
    if (record.held?.message !== message) {
      tell(scope, 'Warning', 'FailedCreatePodSandBox', message);
      record.held = { reason: 'FailedCreatePodSandBox', message };
      scope.save();
    }
    return false;
  }
}

/** They are others' to have as soon as nothing of the Pod runs. */
export const closeHostPorts = ({ deps, ref }: PodScope): void => void deps.hostPorts?.close(ref);

const hostPortsOf = ({ pod }: PodScope): HostPort[] =>
  [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, containerPort, protocol = 'TCP', hostIP }) =>
      hostPort ? [{ hostPort, containerPort, protocol, ...(hostIP && { hostIP }) }] : [],
    ),
  );
