import type { CrossVersionObjectReference, LabelSelector } from '../kinds/schema/types.ts';

/** Describes what one Pod, or one of its containers, used. */
export interface PodSample {
  /** In thousandths of the metric's unit: of a core, of a byte. */
  value: number;
  /** The end of the window of `windowMs` in which it was measured, in milliseconds since the epoch. */
  at: number;
  windowMs: number;
}

/** Samples by the name of the Pod. Pods without a measurement are missing. */
export type PodSamples = ReadonlyMap<string, PodSample>;

/** Names the namespace that is measured. */
export interface MetricPlace {
  cluster: string;
  namespace: string;
}

/**
 * Reads the measurements that autoscalers follow: those of metrics.k8s.io, custom.metrics.k8s.io and
 * external.metrics.k8s.io. Each call throws an Error with the reason when there is no such metric.
 */
export interface Metrics {
  /** Returns the use of `cpu` or `memory` by the Pods of the namespace: of one container of each Pod, or of all together. */
  resource(place: MetricPlace, resource: string, container?: string): Promise<PodSamples>;
  /** Returns a custom metric of the Pods that the label selector `pods` selects. */
  pods(place: MetricPlace, pods: string, metric: string, selector?: LabelSelector): Promise<PodSamples>;
  /** Returns a metric of another object, in thousandths. */
  object(
    place: MetricPlace,
    object: CrossVersionObjectReference,
    metric: string,
    selector?: LabelSelector,
  ): Promise<number>;
  /** Returns the values of an external metric, in thousandths: one for each series that matches. */
  external(place: MetricPlace, metric: string, selector?: LabelSelector): Promise<number[]>;
}
