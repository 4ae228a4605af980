import type { HorizontalPodAutoscalerBehavior, HPAScalingRules } from '../../kinds/schema/types.ts';
import { changeWithin, type History, within } from './history.ts';

const downWindowSeconds = 300;

/** Describes where a size is, where it should be, and how fast it may go there. */
export interface Wish {
  current: number;
  /** Is what the metrics ask for. */
  desired: number;
  min: number;
  max: number;
  behavior?: HorizontalPodAutoscalerBehavior;
  history: History;
  now: number;
}

/** The size that is taken now, with what the conditions say of it. */
export interface Paced {
  replicas: number;
  /** Says why another size than was asked for may be taken now. */
  able: { reason: string; message: string };
  limited: { is: boolean; reason: string; message: string };
}

/** The next size: not below what was asked for lately, and no faster than the rules let it change. */
export function pace(wish: Wish): Paced {
  const stable = wish.behavior ? withRules(wish) : withoutRules(wish);
  const { replicas, reason, message } = limit({ ...wish, desired: stable });
  const upward = wish.behavior !== undefined && wish.desired >= wish.current;
  const [which, recent, applied] = upward ? ['Up', 'lower', 'lowest'] : ['Down', 'higher', 'highest'];
  return {
    replicas,
    able:
      stable === wish.desired
        ? { reason: 'ReadyForNewScale', message: 'recommended size matches current size' }
        : {
            reason: `Scale${which}Stabilized`,
            message: `recent recommendations were ${recent} than current one, applying the ${applied} recent recommendation`,
          },
    limited: { is: replicas !== stable, reason, message },
  };
}

const withoutRules = ({ desired, history, now }: Wish): number =>
  Math.max(desired, ...within(history, downWindowSeconds * 1000, now));

function withRules({ current, desired, behavior, history, now }: Wish): number {
  const windowOf = (rules: HPAScalingRules | undefined, usual: number) =>
    (rules?.stabilizationWindowSeconds ?? usual) * 1000;
  const lowest = Math.min(desired, ...within(history, windowOf(behavior?.scaleUp, 0), now));
  const highest = Math.max(
    desired,
    ...within(history, windowOf(behavior?.scaleDown, downWindowSeconds), now),
  );
  return Math.min(Math.max(current, lowest), highest);
}

type Limited = { replicas: number; reason: string; message: string };

const fine = (replicas: number): Limited => ({
  replicas,
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
});
const tooFast = (replicas: number, way: 'Up' | 'Down'): Limited => ({
  replicas,
  reason: `Scale${way}Limit`,
  message: `the desired replica count is ${way === 'Up' ? 'increasing' : 'decreasing'} faster than the maximum scale rate`,
});
const tooMany = (replicas: number): Limited => ({
  replicas,
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
});
const tooFew = (replicas: number): Limited => ({
  replicas,
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
});

function limit(wish: Wish): Limited {
  const { current, desired, min, max, behavior } = wish;
  if (!behavior) {
    const most = Math.max(2 * current, 4);
    if (desired < min) return tooFew(min);
    if (desired > Math.min(most, max)) return max > most ? tooFast(most, 'Up') : tooMany(max);
    return fine(desired);
  }
  if (desired > current) {
    const most = Math.max(current, furthest(wish, behavior.scaleUp, 1));
    if (desired > Math.min(most, max)) return max > most ? tooFast(most, 'Up') : tooMany(max);
  } else if (desired < current) {
    const least = Math.min(current, furthest(wish, behavior.scaleDown, -1));
    if (desired < Math.max(least, min)) return min < least ? tooFast(least, 'Down') : tooFew(min);
  }
  return fine(desired);
}

/** As far as the policies let the size go in one direction, after what was done in their periods. */
function furthest({ current, history, now }: Wish, rules: HPAScalingRules | undefined, way: 1 | -1): number {
  const { selectPolicy = 'Max', policies = [] } = rules ?? {};
  if (selectPolicy === 'Disabled') return current;
  const sizes = policies.map(({ type, value, periodSeconds }) => {
    const start = current - changeWithin(history, periodSeconds, now);
    if (type === 'Pods') return start + way * value;
    // Up is rounded up, so that a small change is one.
    return way > 0 ? Math.ceil(start * (1 + value / 100)) : Math.trunc(start * (1 - value / 100));
  });
  const isFar = selectPolicy !== 'Min';
  return way > 0 === isFar ? Math.max(...sizes) : Math.min(...sizes);
}
