/** Metrics as autoscaling/v1 has them in annotations: the same facts under other names. */
import type {
  AutoscalingV1MetricSpec,
  AutoscalingV1MetricStatus,
  MetricSpec,
  MetricStatus,
  MetricTarget,
} from '../../../schema/types.ts';

/** An object without what is undefined, in the order given: Go writes its fields so. */
const compact = <T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** Converts a metric of autoscaling/v2 into the older form that the annotation of v1 holds. */
export function metricToV1({ type, object, pods, resource, containerResource, external }: MetricSpec) {
  return compact<AutoscalingV1MetricSpec>({
    type: type as AutoscalingV1MetricSpec['type'],
    object: object && {
      ...compact<AutoscalingV1MetricSpec['object'] & object>({
        target: object.describedObject,
        metricName: object.metric.name,
        targetValue: object.target.value ?? '0',
        selector: object.metric.selector,
        averageValue: object.target.averageValue,
      }),
    },
    pods: pods && {
      ...compact<AutoscalingV1MetricSpec['pods'] & object>({
        metricName: pods.metric.name,
        targetAverageValue: pods.target.averageValue ?? '0',
        selector: pods.metric.selector,
      }),
    },
    resource: resource && {
      ...compact<AutoscalingV1MetricSpec['resource'] & object>({
        name: resource.name,
        targetAverageUtilization: resource.target.averageUtilization,
        targetAverageValue: resource.target.averageValue,
      }),
    },
    containerResource: containerResource && {
      ...compact<AutoscalingV1MetricSpec['containerResource'] & object>({
        name: containerResource.name,
        targetAverageUtilization: containerResource.target.averageUtilization,
        targetAverageValue: containerResource.target.averageValue,
        container: containerResource.container,
      }),
    },
    external: external && {
      ...compact<AutoscalingV1MetricSpec['external'] & object>({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        targetValue: external.target.value,
        targetAverageValue: external.target.averageValue,
      }),
    },
  });
}

/** Converts a metric from the annotation of v1; the type of its target follows from which value is set. */
export function metricFromV1(metric: AutoscalingV1MetricSpec): MetricSpec {
  const { type, object, pods, resource, containerResource, external } = metric;
  const byAverage = (average: unknown, other: string) => (average === undefined ? other : 'AverageValue');
  const target = (fields: { [K in keyof MetricTarget]: MetricTarget[K] | undefined }) =>
    compact<MetricTarget>(fields as Required<MetricTarget>);
  const ofResource = (source: {
    targetAverageUtilization?: number;
    targetAverageValue?: MetricTarget['value'];
  }) =>
    target({
      type: byAverage(source.targetAverageValue, 'Utilization'),
      averageValue: source.targetAverageValue,
      averageUtilization: source.targetAverageUtilization,
    });
  return compact<MetricSpec>({
    type,
    object: object && {
      describedObject: object.target,
      target: target({
        type: byAverage(object.averageValue, 'Value'),
        value: object.targetValue,
        averageValue: object.averageValue,
      }),
      metric: identifier(object.metricName, object.selector),
    },
    pods: pods && {
      metric: identifier(pods.metricName, pods.selector),
      target: target({ type: 'AverageValue', averageValue: pods.targetAverageValue }),
    },
    resource: resource && { name: resource.name, target: ofResource(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      target: ofResource(containerResource),
      container: containerResource.container,
    },
    external: external && {
      metric: identifier(external.metricName, external.metricSelector),
      target: target({
        type: byAverage(external.targetAverageValue, 'Value'),
        value: external.targetValue,
        averageValue: external.targetAverageValue,
      }),
    },
  });
}

const identifier = (name: string, selector: object | undefined) => ({ name, ...(selector && { selector }) });

/** Converts the measured value of a metric into the older form that the annotation of v1 holds. */
export function statusToV1(metric: MetricStatus): AutoscalingV1MetricStatus {
  const { type, object, pods, resource, containerResource, external } = metric;
  return {
    type,
    ...(object && {
      object: compact({
        target: object.describedObject,
        metricName: object.metric.name,
        currentValue: object.current.value ?? '0',
        selector: object.metric.selector,
        averageValue: object.current.averageValue,
      }),
    }),
    ...(pods && {
      pods: compact({
        metricName: pods.metric.name,
        currentAverageValue: pods.current.averageValue ?? '0',
        selector: pods.metric.selector,
      }),
    }),
    ...(resource && {
      resource: compact({
        name: resource.name,
        currentAverageUtilization: resource.current.averageUtilization,
        currentAverageValue: resource.current.averageValue ?? '0',
      }),
    }),
    ...(containerResource && {
      containerResource: compact({
        name: containerResource.name,
        currentAverageUtilization: containerResource.current.averageUtilization,
        currentAverageValue: containerResource.current.averageValue ?? '0',
        container: containerResource.container,
      }),
    }),
    ...(external && {
      external: compact({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        currentValue: external.current.value ?? '0',
        currentAverageValue: external.current.averageValue,
      }),
    }),
  } as AutoscalingV1MetricStatus;
}

/** Converts a measured value from the annotation of v1. */
export function statusFromV1(metric: AutoscalingV1MetricStatus): MetricStatus {
  const { type, object, pods, resource, containerResource, external } = metric;
  return {
    type,
    ...(object && {
      object: {
        metric: identifier(object.metricName, object.selector),
        current: compact({ value: object.currentValue, averageValue: object.averageValue }),
        describedObject: object.target,
      },
    }),
    ...(pods && {
      pods: {
        metric: identifier(pods.metricName, pods.selector),
        current: { averageValue: pods.currentAverageValue },
      },
    }),
    ...(resource && {
      resource: {
        name: resource.name,
        current: compact({
          averageValue: resource.currentAverageValue,
          averageUtilization: resource.currentAverageUtilization,
        }),
      },
    }),
    ...(containerResource && {
      containerResource: {
        name: containerResource.name,
        current: compact({
          averageValue: containerResource.currentAverageValue,
          averageUtilization: containerResource.currentAverageUtilization,
        }),
        container: containerResource.container,
      },
    }),
    ...(external && {
      external: {
        metric: identifier(external.metricName, external.metricSelector),
        current: compact({ value: external.currentValue, averageValue: external.currentAverageValue }),
      },
    }),
  } as MetricStatus;
}
