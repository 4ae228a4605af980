/**
 * The annotation for the behaviour has the names of Go's fields: Kubernetes wrote its internal type into it once, and
 * has to go on reading it.
 */
import type { HorizontalPodAutoscalerBehavior, HPAScalingRules } from '../../../schema/types.ts';

interface GoRules {
  StabilizationWindowSeconds: number | null;
  SelectPolicy: string | null;
  Policies: { Type: string; Value: number; PeriodSeconds: number }[] | null;
  Tolerance: string | null;
}
interface GoBehavior {
  ScaleUp: GoRules | null;
  ScaleDown: GoRules | null;
}

/** Writes the behaviour with Go's field names, as the annotation of autoscaling/v1 keeps it. */
export const behaviorToGo = ({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior): GoBehavior => ({
  ScaleUp: scaleUp ? rulesToGo(scaleUp) : null,
  ScaleDown: scaleDown ? rulesToGo(scaleDown) : null,
});

/** Undefined when it says nothing. */
export function behaviorFromGo(
  go: Partial<GoBehavior> | undefined,
): HorizontalPodAutoscalerBehavior | undefined {
  if (!go?.ScaleUp && !go?.ScaleDown) return undefined;
  return {
    ...(go.ScaleUp && { scaleUp: rulesFromGo(go.ScaleUp) }),
    ...(go.ScaleDown && { scaleDown: rulesFromGo(go.ScaleDown) }),
  };
}

const rulesToGo = (rules: HPAScalingRules): GoRules => ({
  StabilizationWindowSeconds: rules.stabilizationWindowSeconds ?? null,
  SelectPolicy: rules.selectPolicy ?? null,
  Policies:
    rules.policies?.map(({ type, value, periodSeconds }) => ({
      Type: type,
      Value: value,
      PeriodSeconds: periodSeconds,
    })) ?? null,
  Tolerance: rules.tolerance === undefined ? null : String(rules.tolerance),
});

const rulesFromGo = (go: Partial<GoRules>): HPAScalingRules => ({
  ...(typeof go.StabilizationWindowSeconds === 'number' && {
    stabilizationWindowSeconds: go.StabilizationWindowSeconds,
  }),
  ...(go.SelectPolicy && { selectPolicy: go.SelectPolicy }),
  ...(go.Policies && {
    policies: go.Policies.map(({ Type, Value, PeriodSeconds }) => ({
      type: Type,
      value: Value,
      periodSeconds: PeriodSeconds,
    })),
  }),
  ...(go.Tolerance && { tolerance: go.Tolerance }),
});
