import type { Clock } from '../../clock/clock.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { controllerOf } from '../../meta/object.ts';
import type { Storage } from '../../ports/storage.ts';
import { type LevelVersion, levelText, violations } from './checks.ts';

/** Describes where to look for Pods. */
interface Place {
  storage: Storage;
  clock: Clock;
  cluster: string;
  namespace: string;
}

const mostPods = 3000;
const patienceMs = 1_000;
const decoder = new TextDecoder();

/** Returns which Pods that are there would not meet a new level of their namespace, one warning for each reason. */
export async function existingWarnings(place: Place, level: LevelVersion): Promise<string[]> {
  const { storage, clock, cluster, namespace } = place;
  const until = clock.now() + patienceMs;
  const { items } = await storage.list({ cluster, resource: 'pods', namespace });
  const pods = prioritized(items.map(({ value }) => JSON.parse(decoder.decode(value)) as Pod));
  const byReason = new Map<string, string[]>();
  let checked = 0;
  for (const { metadata, spec } of pods.slice(0, mostPods)) {
    const found = violations(level, { metadata, spec: spec ?? { containers: [] } });
    const reason = found.map((each) => each.reason).join(', ');
    if (found.length > 0) byReason.set(reason, [...(byReason.get(reason) ?? []), metadata.name ?? '']);
    checked++;
    if (clock.now() > until) break;
  }
  const warnings =
    checked < pods.length
      ? [
          `new PodSecurity enforce level only checked against the first ${checked} of ${pods.length} existing pods`,
        ]
      : [];
  if (byReason.size === 0) return warnings;
  const about = `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level`;
  const each = [...byReason].map(([reason, names]) => `${shown(names)}: ${reason}`).sort();
  return [...warnings, `${about} ${JSON.stringify(levelText(level))}`, ...each];
}

/** The first of the Pods of each controller comes before all others. */
function prioritized(pods: Pod[]): Pod[] {
  const seen = new Set<string>();
  const [first, others]: [Pod[], Pod[]] = [[], []];
  for (const pod of pods) {
    const owner = controllerOf(pod)?.uid;
    (owner !== undefined && seen.has(owner) ? others : first).push(pod);
    if (owner !== undefined) seen.add(owner);
  }
  return [...first, ...others];
}

function shown(names: string[]): string {
  const [first = '', ...others] = names.sort();
  if (others.length === 0) return first;
  return `${first} (and ${others.length} other ${others.length === 1 ? 'pod' : 'pods'})`;
}
