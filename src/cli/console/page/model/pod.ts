import { readyText, restartsOf, statusText } from '../../../../shared/kinds/core/v1/pod/summary.ts';
import type { Pod } from '../api/types.ts';

/** How something fares. Each has a colour, a sign of its own and a word: nothing is said by colour alone. */
export type Tone = 'good' | 'busy' | 'bad' | 'quiet';

/** Describes a Pod in a word, as `kubectl get pods` does. */
export interface PodState {
  word: string;
  tone: Tone;
  ready: string;
  restarts: number;
  isReady: boolean;
}

export function stateOf(pod: Pod): PodState {
  const word = statusText(pod) || 'Pending';
  const isReady =
    pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
  return {
    word,
    tone: toneOf(word, isReady),
    ready: readyText(pod),
    restarts: restartsOf(pod),
    isReady,
  };
}

const failing =
  /BackOff|Err|Error|Failed|OOMKilled|ExitCode|Signal:|Evicted|Unknown|Invalid|CannotRun|NodeLost|Deadline/;

function toneOf(word: string, isReady: boolean): Tone {
  if (word === 'Completed' || word === 'Succeeded') return 'quiet';
  if (failing.test(word)) return 'bad';
  if (word === 'Terminating') return 'quiet';
  return word === 'Running' && isReady ? 'good' : 'busy';
}

/** `registry.example/team/web:v2@sha256:…` is too long to look at: `web:v2`. */
export function shortImage(image: string): string {
  const [name = '', digest] = image.split('@');
  const last = name.split('/').at(-1)!;
  return digest && !last.includes(':') ? `${last}@${digest.slice(0, 14)}…` : last;
}
