import type { Container, PodSpec } from '../../../../shared/kinds/schema/types.ts';
import { qosClassOf } from '../../../../shared/meta/qos.ts';
import { parseQuantity } from '../../../../shared/meta/quantity.ts';

const guaranteed = -997;
const bestEffort = 1000;

/**
 * Returns what is added to the score by which the kernel chooses whom to end when the machine's memory runs out, as a kubelet
 * has it: the more of that memory a container asked for, the later. `capacity`: the machine's memory, in bytes.
 */
export function oomScoreOf(container: Container, spec: PodSpec, capacity: number): number {
  if (spec.priorityClassName === 'system-node-critical') return guaranteed;
  const qos = qosClassOf(spec);
  if (qos === 'Guaranteed') return guaranteed;
  if (qos === 'BestEffort') return bestEffort;
  const claims = [claimOf(container)];
  // A sidecar ends no sooner than the containers that it serves.
  if (isSidecar(container, spec)) claims.push(Math.min(...spec.containers.map(claimOf)));
  const claimed = Math.max(...claims) + unclaimedOf(spec);
  const score = 1000 - Math.floor((1000 * claimed) / capacity);
  return Math.min(bestEffort - 1, Math.max(1000 + guaranteed, score));
}

const bytesOf = (amount: string | undefined): number =>
  Number((amount === undefined ? undefined : parseQuantity(amount)) ?? 0n) / 1e9;

const claimOf = ({ resources }: Container): number => bytesOf(resources?.requests?.memory);

const isSidecar = ({ name, restartPolicy }: Container, { initContainers = [] }: PodSpec): boolean =>
  restartPolicy === 'Always' && initContainers.some((each) => each.name === name);

/** Each container's share of what its Pod asked for and none of them did. */
function unclaimedOf({ containers, initContainers = [], resources }: PodSpec): number {
  const asked = bytesOf(resources?.requests?.memory);
  if (!asked) return 0;
  const atOnce = [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')];
  const claimed = atOnce.reduce((sum, each) => sum + claimOf(each), 0);
  return Math.max(0, asked - claimed) / (containers.length + initContainers.length);
}
