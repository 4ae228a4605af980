import type { HorizontalPodAutoscaler } from '../../kinds/schema/types.ts';

/**
 * Holds what was recommended and done lately. Kubernetes' controller keeps it in memory; here it is kept with the
 * object, so that the next run continues from it, in whichever process that is.
 */
export interface History {
  /** Each recommendation held from `at` until the next one. */
  recommended: { at: number; replicas: number }[];
  /** By how many Pods the size was changed, negative for fewer. */
  scaled: { at: number; by: number }[];
  /** Which Pods the target selected when it was last looked at, so that others know whose Pods they are. */
  selector?: string;
}

/**
 * Says where an autoscaler keeps its history, as JSON. It is below `kubernetes.io` as what other controllers keep: Terraform
 * and others take such a key for the cluster's own, and any other for one that somebody has added behind their back.
 */
export const historyAnnotation = 'autoscaling.alpha.kubernetes.io/recommendation-history';
/** Where it was kept before; it goes with the next history. */
const formerAnnotation = 'autoscaling.shallop.dev/history';

/** The longest window and the longest period that an autoscaler may have. */
const longestMs = 3600_000;

/** The history that the object carries; one that begins with the current size when it carries none. */
export function historyOf(hpa: HorizontalPodAutoscaler, current: number, now: number): History {
  const { recommended = [], scaled = [] } = carried(hpa);
  return recommended.length > 0
    ? { recommended, scaled }
    : { recommended: [{ at: now, replicas: current }], scaled: [] };
}

/** Which Pods its target selected when it was last looked at; empty when it was not yet. */
export const selectorOf = (hpa: HorizontalPodAutoscaler): string => carried(hpa).selector ?? '';

/** The object with this in its history. */
export function withHistory(hpa: HorizontalPodAutoscaler, more: Partial<History>): HorizontalPodAutoscaler {
  const { selector, ...history } = { ...carried(hpa), ...more };
  const text = JSON.stringify({ ...history, ...(selector && { selector }) });
  const { [formerAnnotation]: _, ...others } = hpa.metadata.annotations ?? {};
  const annotations = { ...others, [historyAnnotation]: text };
  return { ...hpa, metadata: { ...hpa.metadata, annotations } };
}

function carried({ metadata }: HorizontalPodAutoscaler): Partial<History> {
  try {
    const { [historyAnnotation]: text, [formerAnnotation]: former } = metadata.annotations ?? {};
    return (JSON.parse(text ?? former ?? '{}') ?? {}) as Partial<History>;
  } catch {
    // Written by somebody else.
    return {};
  }
}

/** With what is recommended now; the same again is no change. */
export function recommend({ recommended, scaled }: History, replicas: number, now: number): History {
  const isSame = recommended.at(-1)?.replicas === replicas;
  const all = isSame ? recommended : [...recommended, { at: now, replicas }];
  // One that has ended before the longest window counts no more.
  const kept = all.filter((_, i) => (all[i + 1]?.at ?? now) >= now - longestMs);
  return { recommended: kept, scaled };
}

/** With a change of the size by so many Pods. */
export const scale = ({ recommended, scaled }: History, by: number, now: number): History => ({
  recommended,
  scaled: [...scaled.filter(({ at }) => at > now - longestMs), { at: now, by }],
});

/** Returns what was recommended at any time of the window. */
export const within = ({ recommended }: History, windowMs: number, now: number): number[] =>
  recommended
    .filter((_, i) => windowMs > 0 && (recommended[i + 1]?.at ?? now) > now - windowMs)
    .map(({ replicas }) => replicas);

/** By how much the size grew in the period, less by how much it shrank. */
export const changeWithin = ({ scaled }: History, periodSeconds: number, now: number): number =>
  scaled.filter(({ at }) => at > now - periodSeconds * 1000).reduce((sum, { by }) => sum + by, 0);
