import type { Pod, Thing } from '../api/types.ts';
import { stateOf, type Tone } from './pod.ts';

interface Condition {
  type?: string;
  status?: string;
  reason?: string;
}

/** Describes an object of any kind: what its status holds is the matter of whoever defined it. */
interface Conditioned extends Thing {
  status?: { phase?: unknown; conditions?: unknown };
}

/** How any object fares, as far as its status says it in the usual ways; undefined where it says nothing. */
export function conditionOf(object: Conditioned, plural: string): { word: string; tone: Tone } | undefined {
  if (plural === 'pods' && object.status?.phase) return stateOf(object as unknown as Pod);
  if (object.metadata.deletionTimestamp) return { word: 'Terminating', tone: 'quiet' };
  const { phase, conditions } = object.status ?? {};
  const all: (Condition | null)[] = Array.isArray(conditions) ? conditions : [];
  const decisive = all.find((each) => telling.includes(each?.type ?? ''));
  if (decisive?.type)
    return decisive.status === 'True'
      ? { word: decisive.type, tone: decisive.type === 'Failed' ? 'bad' : 'good' }
      : { word: decisive.reason ?? `not ${decisive.type}`, tone: 'busy' };
  return typeof phase === 'string' && phase
    ? { word: phase, tone: /Fail|Lost/.test(phase) ? 'bad' : 'quiet' }
    : undefined;
}

const telling = ['Failed', 'Complete', 'Ready', 'Available', 'Established', 'Accepted'];
