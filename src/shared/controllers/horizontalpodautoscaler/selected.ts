import type { HorizontalPodAutoscaler, Pod } from '../../kinds/schema/types.ts';
import type { Selector } from '../../meta/labels.ts';
import { parseLabelSelector } from '../../meta/parseLabels.ts';
import { selectorOf } from './history.ts';

/** The Pods that a target has, or why an autoscaler does not follow them. */
export type Selected = { selector: string; pods: Pod[] } | Refused;

/** Says why an autoscaler follows no Pods: its events say it in other words than its condition. */
export interface Refused {
  selector: string;
  reason: string;
  why: string;
  condition: { reason: string; message: string };
}

/** Pods by the selector of a scale. Those that other autoscalers follow as well are nobody's. */
export function selectedBy(
  selector: string,
  pods: readonly Pod[],
  hpa: HorizontalPodAutoscaler,
  all: readonly HorizontalPodAutoscaler[],
): Selected {
  const refused = (reason: string, why: string, message = why, condition = reason): Selected => ({
    ...{ selector, reason, why },
    condition: { reason: condition, message },
  });
  if (selector === '') {
    const message = "the HPA target's scale is missing a selector";
    return refused('SelectorRequired', 'selector is required', message, 'InvalidSelector');
  }
  let parsed: Selector;
  try {
    parsed = parseLabelSelector(selector);
  } catch (error) {
    const why = `couldn't convert selector into a corresponding internal selector object: ${(error as Error).message}`;
    return refused('InvalidSelector', why);
  }
  const mine = pods.filter(({ metadata }) => parsed.matches(metadata.labels));
  const names = all
    .filter((other) => other.metadata.name === hpa.metadata.name || follows(other, mine))
    .map(({ metadata: { name, namespace } }) => `${namespace}/${name}`);
  if (mine.length > 0 && names.length > 1) {
    const why = `pods by selector ${selector} are controlled by multiple HPAs: [${names.join(' ')}]`;
    return refused('AmbiguousSelector', why);
  }
  return { selector, pods: mine };
}

/** Returns whether an autoscaler followed one of these Pods when it last looked. */
function follows(hpa: HorizontalPodAutoscaler, pods: readonly Pod[]): boolean {
  const text = selectorOf(hpa);
  if (text === '') return false;
  try {
    const selector = parseLabelSelector(text);
    return pods.some(({ metadata }) => selector.matches(metadata.labels));
  } catch {
    return false;
  }
}
