import type { CrossVersionObjectReference, LabelSelector } from '../kinds/schema/types.ts';

/** Describes what one Pod, or one of its containers, used. */
export interface PodSample {
  /** In thousandths: of a core, of a byte, of whatever a metric counts. */
  value: number;
  /** Says when it was measured, in milliseconds since the epoch, over the `windowMs` before. */
  at: number;
  windowMs: number;
}

/** By the name of the Pod; those that nothing is known of are missing. */
export type PodSamples = ReadonlyMap<string, PodSample>;

/** Describes where something was measured. */
export interface MetricPlace {
  cluster: string;
  namespace: string;
}

/**
 * Measurements that autoscalers follow: those of metrics.k8s.io, custom.metrics.k8s.io and external.metrics.k8s.io.
 * Each call throws an Error that says why when there is nothing of the kind.
 */
export interface Metrics {
  /** Use of `cpu` or `memory` by the namespace's Pods: of one container of each, or of all together. */
  resource(place: MetricPlace, resource: string, container?: string): Promise<PodSamples>;
  /** A metric of their own of the Pods that `pods` selects, as in a request. */
  pods(place: MetricPlace, pods: string, metric: string, selector?: LabelSelector): Promise<PodSamples>;
  /** A metric of another object, in thousandths. */
  object(
    place: MetricPlace,
    object: CrossVersionObjectReference,
    metric: string,
    selector?: LabelSelector,
  ): Promise<number>;
  /** Values of what is measured outside the cluster, in thousandths: one for each series that fits. */
  external(place: MetricPlace, metric: string, selector?: LabelSelector): Promise<number[]>;
}
