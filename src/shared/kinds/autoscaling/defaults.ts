import type { Rules } from '../schema/defaultRules.ts';
import type {
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerSpec,
  HPAScalingRules,
} from '../schema/types.ts';

/** Without any metric, Pods are to use four fifths of the CPU that they ask for. */
export const usualMetric = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

const period = { periodSeconds: 15 };
const all = { type: 'Percent', value: 100, ...period };

const rulesWith = (given: HPAScalingRules = {}, usual: HPAScalingRules): HPAScalingRules => ({
  ...usual,
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
});

/** Who says something of the pace gets the rest of it said too. */
export const wholeBehavior = ({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior) => ({
  scaleUp: rulesWith(scaleUp, {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [{ type: 'Pods', value: 4, ...period }, { ...all }],
  }),
  scaleDown: rulesWith(scaleDown, { selectPolicy: 'Max', policies: [{ ...all }] }),
});

export const autoscalingDefaults: Rules = {
  AutoscalingV1HorizontalPodAutoscalerSpec: { fields: { minReplicas: 1 } },
  HorizontalPodAutoscalerSpec: {
    adjust(spec: HorizontalPodAutoscalerSpec) {
      if (!spec.metrics?.length) spec.metrics = [structuredClone(usualMetric)];
      if (spec.behavior) spec.behavior = wholeBehavior(spec.behavior);
    },
    fields: { minReplicas: 1 },
  },
};
