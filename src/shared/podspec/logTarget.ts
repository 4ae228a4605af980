import { ApiError } from '../errors/apiError.ts';
import type { ContainerStatus } from '../kinds/schema/types.ts';

/** The containerID whose output a log request means, by kubelet's rules. Throws BadRequest in kubelet's words. */
export function logTarget(
  statuses: ContainerStatus[],
  container: string,
  podName: string,
  previous: boolean,
): string {
  const of = `container "${container}" in pod "${podName}"`;
  const refuse = (message: string) => new ApiError('BadRequest', message);
  const status = statuses.find(({ name }) => name === container);
  if (!status) throw refuse(`${of} is not available`);
  const last = status.lastState?.terminated;
  const { running, terminated, waiting } = status.state ?? {};
  if (previous) {
    if (!last?.containerID) throw refuse(`previous terminated ${of} not found`);
    return last.containerID;
  }
  if (running) return status.containerID ?? '';
  if (terminated || last) {
    const id = terminated?.containerID ?? last?.containerID;
    if (!id) throw refuse(`${of} is terminated`);
    return id;
  }
  throw refuse(`${of} is waiting to start${why(waiting?.reason)}`);
}

function why(reason: string | undefined): string {
  if (!reason) return ' - no logs yet';
  if (reason === 'ErrImagePull') return ": image can't be pulled";
  if (reason === 'ImagePullBackOff') return ': trying and failing to pull image';
  return `: ${reason}`;
}
