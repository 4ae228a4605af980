import type { Pod } from '../../kinds/schema/types.ts';
import { containersOf } from '../../podspec/containers.ts';
import { balancing } from '../common/balancing.ts';
import { conditionOf } from '../common/pods.ts';
import type { Around } from './gates.ts';

/** A load balancer that never lets go, or whose Service or Ingress is wrong, holds no Pod longer than this. */
const longestHoldMs = 5 * 60_000;
/** The Service or Ingress may go meanwhile, which wakes no Pod. A cloud that surveys its Pods looks sooner. */
const lookAgainMs = 120_000;

/**
 * Returns how long a Pod that is being deleted goes on to run before it is told to stop, in milliseconds: while load
 * balancers may still send it connections, and while its hooks sleep. What asks for less grace than the Pod's own waits
 * no longer than it asks for.
 */
export async function heldMs(pod: Pod, { client, clock, env }: Around): Promise<number> {
  if (!env.balancersOf) return 0;
  const { askedAt, patienceMs, sleepMs } = deletionOf(pod);
  const remainingMs = askedAt + patienceMs - clock.now();
  if (remainingMs <= 0) return 0;
  const isReady = conditionOf(pod, 'ContainersReady')?.status === 'True';
  const balancers = isReady ? await env.balancersOf(client, pod) : [];
  const isHeld = balancers.some((type) => conditionOf(pod, type)?.reason !== balancing.drained);
  if (isHeld) return Math.min(remainingMs, lookAgainMs);
  return Math.max(0, Math.min(askedAt + sleepMs - clock.now(), remainingMs));
}

/** Returns when the deletion was asked for, how long it may be held up, and how long hooks of what runs sleep. */
function deletionOf({ metadata, spec, status }: Pod) {
  const own = spec?.terminationGracePeriodSeconds ?? 30;
  const asked = metadata.deletionGracePeriodSeconds ?? own;
  const seen = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const running = new Set(seen.filter(({ state }) => state?.running).map(({ name }) => name));
  const sleeps = containersOf({ spec })
    .filter(({ name }) => running.has(name))
    .map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0);
  return {
    askedAt: Date.parse(metadata.deletionTimestamp ?? '') - asked * 1000,
    patienceMs: asked < own ? asked * 1000 : longestHoldMs,
    sleepMs: Math.min(Math.max(0, ...sleeps), asked) * 1000,
  };
}
