import type { Container, ContainerStatus, Pod, ResourceRequirements } from '../../kinds/schema/types.ts';
import { isSame } from '../../kinds/validation/same.ts';
import { parseQuantity } from '../../meta/quantity.ts';
import { conditionOf } from '../common/pods.ts';

/** The condition of a Pod whose resize waits. */
export const resizePending = 'PodResizePending';

/** The Pod with the resources that its containers were given, where its spec asks for others; else undefined. */
export function asAllocated(pod: Pod): Pod | undefined {
  if (!pod.status?.startTime) return undefined;
  const given = withContainers(pod, (container, status) =>
    status && differs(container, status) ? { ...container, resources: status.resources ?? {} } : container,
  );
  return given === pod ? undefined : given;
}

/** Returns the Pod as its node counts it: by what it was given as long as it waits for more. As getAllocatedPods of kubelet. */
export const asCounted = (pod: Pod): Pod =>
  conditionOf(pod, resizePending)?.status === 'True' ? (asAllocated(pod) ?? pod) : pod;

/** Returns the Pod with each container as `change` has it, and the Pod itself where that leaves all as they are. */
export function withContainers(
  pod: Pod,
  change: (container: Container, status: ContainerStatus | undefined, isInit: boolean) => Container,
): Pod {
  const { spec, status } = pod;
  if (!spec) return pod;
  const changed = (list: Container[], statuses: ContainerStatus[] = [], isInit: boolean) => {
    const result = list.map((each) =>
      change(
        each,
        statuses.find(({ name }) => name === each.name),
        isInit,
      ),
    );
    return result.some((each, i) => each !== list[i]) ? result : list;
  };
  const containers = changed(spec.containers, status?.containerStatuses, false);
  const initContainers =
    spec.initContainers && changed(spec.initContainers, status?.initContainerStatuses, true);
  if (containers === spec.containers && initContainers === spec.initContainers) return pod;
  return { ...pod, spec: { ...spec, containers, ...(initContainers && { initContainers }) } };
}

const differs = ({ resources }: Container, status: ContainerStatus): boolean =>
  status.resources !== undefined && !isSame(amountsOf(resources), amountsOf(status.resources));

/** Equal amounts, however they are written. */
const amountsOf = ({ requests, limits }: ResourceRequirements = {}) =>
  [requests, limits].map((part) =>
    Object.entries(part ?? {})
      .map(([name, quantity]) => `${name} ${parseQuantity(quantity)}`)
      .sort(),
  );
