import type { DaemonSet, Pod } from '../../kinds/schema/types.ts';
import { amountOf } from '../common/amount.ts';
import { untilAvailable } from '../common/pods.ts';
import { revisionLabel } from '../revisions/plan.ts';
import type { Place } from './places.ts';

/** Is what one run of the controller changes; the Pods of the next step wait until these are done. */
export interface Step {
  /** Nodes that get a further Pod. */
  nodes: string[];
  delete: Pod[];
}

/** The next step from old Pods to new ones; `hash` is that of the template. */
export function roll(set: DaemonSet, places: Place[], hash: string, now: number): Step {
  const { surge, unavailable } = limits(set, places.filter(({ shouldRun }) => shouldRun).length);
  const sites = places
    .filter(({ pods, shouldRun }) => shouldRun || pods.length > 0)
    .map((place) => ({ ...place, ...pairOf(place.pods, hash) }));
  const isUp = (pod: Pod) => untilAvailable(pod, set.spec?.minReadySeconds ?? 0, now) === 0;
  return surge === 0 ? replace(sites, unavailable, isUp) : surpass(sites, surge, isUp);
}

interface Site extends Place {
  fresh?: Pod;
  old?: Pod;
  /** More Pods than one new and one old: others see to that first. */
  isCrowded?: true;
}

/** Returns whether the Pod was made from the template with this hash. */
export const isFresh = (pod: Pod, hash: string): boolean => pod.metadata.labels?.[revisionLabel] === hash;

function pairOf(pods: Pod[], hash: string): Pick<Site, 'fresh' | 'old' | 'isCrowded'> {
  const standing = pods.filter(({ metadata }) => !metadata.deletionTimestamp);
  const [fresh, ...more] = standing.filter((pod) => isFresh(pod, hash));
  const [old, ...others] = standing.filter((pod) => !isFresh(pod, hash));
  if (more.length > 0 || others.length > 0) return { isCrowded: true };
  return { ...(fresh && { fresh }), ...(old && { old }) };
}

/** Old Pods go, and new ones come when they are gone; so many may be down at a time. */
function replace(sites: Site[], limit: number, isUp: (pod: Pod) => boolean): Step {
  let down = 0;
  const useless: Pod[] = [];
  const candidates: Pod[] = [];
  for (const { fresh, old, isCrowded } of sites) {
    if (isCrowded || !fresh === !old) down++;
    else if (fresh) down += isUp(fresh) ? 0 : 1;
    else if (old && !isUp(old)) {
      useless.push(old);
      down++;
    } else if (old) candidates.push(old);
  }
  return { nodes: [], delete: [...useless, ...candidates.slice(0, Math.max(0, limit - down))] };
}

/** New Pods come beside old ones, which go when the new one is up; so many Nodes have two at a time. */
function surpass(sites: Site[], limit: number, isUp: (pod: Pod) => boolean): Step {
  let doubled = 0;
  const step: Step = { nodes: [], delete: [] };
  const candidates: string[] = [];
  const misplaced: Pod[] = [];
  for (const { node, fresh, old, isCrowded, shouldRun } of sites) {
    if (isCrowded) doubled++;
    else if (!old) continue;
    else if (fresh) {
      if (isUp(fresh)) step.delete.push(old);
      else doubled++;
    } else if (!isUp(old)) {
      if (shouldRun) step.nodes.push(node);
      else step.delete.push(old);
    } else if (shouldRun) candidates.push(node);
    else misplaced.push(old);
  }
  const up = sites.filter(({ fresh, old }) => [old ?? fresh].some((pod) => pod && isUp(pod))).length;
  const wanted = sites.filter(({ shouldRun }) => shouldRun).length;
  // A Pod where none should be any more goes when another is up where one should be.
  step.delete.push(...misplaced.slice(0, Math.max(0, up - wanted)));
  step.nodes.push(...candidates.slice(0, Math.max(0, limit - doubled)));
  return step;
}

/** Returns whether a new Pod may stand beside the old one on a Node, as maxSurge above zero says. */
export const allowsSurge = ({ spec }: DaemonSet): boolean => {
  const { type, rollingUpdate } = spec?.updateStrategy ?? {};
  return type === 'RollingUpdate' && amountOf(rollingUpdate?.maxSurge ?? 0, 100, Math.ceil) > 0;
};

function limits({ spec }: DaemonSet, nodes: number): { surge: number; unavailable: number } {
  const { maxSurge = 0, maxUnavailable = 1 } = spec?.updateStrategy?.rollingUpdate ?? {};
  const surge = amountOf(maxSurge, nodes, Math.ceil);
  const unavailable = amountOf(maxUnavailable, nodes, Math.ceil);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}
