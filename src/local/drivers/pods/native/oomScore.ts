import type { Container, PodSpec } from '../../../../shared/kinds/schema/types.ts';
import { qosClassOf } from '../../../../shared/meta/qos.ts';
import { parseQuantity } from '../../../../shared/meta/quantity.ts';
import { containersOf, lastingOf } from '../../../../shared/podspec/containers.ts';
import { isSidecar } from '../../../../shared/podspec/restart.ts';

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
  const isInit = spec.initContainers?.some(({ name }) => name === container.name) ?? false;
  // A sidecar ends no sooner than the containers that it serves.
  if (isSidecar(container, isInit)) claims.push(Math.min(...spec.containers.map(claimOf)));
  const claimed = Math.max(...claims) + unclaimedOf(spec);
  const score = 1000 - Math.floor((1000 * claimed) / capacity);
  return Math.min(bestEffort - 1, Math.max(1000 + guaranteed, score));
}

/** Returns the line of a shell by which it has such a score, and what it starts; not where it may only grow. */
export const scoreLine = (score: number): string =>
  `{ echo ${score} >/proc/self/oom_score_adj; } 2>/dev/null`;

const bytesOf = (amount = '0'): number => Number(parseQuantity(amount) ?? 0n) / 1e9;

const claimOf = ({ resources }: Container): number => bytesOf(resources?.requests?.memory);

/** Each container's share of what its Pod asked for and none of them did. */
function unclaimedOf(spec: PodSpec): number {
  const claimed = lastingOf({ spec }).reduce((sum, each) => sum + claimOf(each), 0);
  return Math.max(0, bytesOf(spec.resources?.requests?.memory) - claimed) / containersOf({ spec }).length;
}
