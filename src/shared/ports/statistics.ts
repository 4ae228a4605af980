import type { Pod } from '../kinds/schema/types.ts';
import type { PodRef } from './pods.ts';

/** Describes what something has used since it started. Callers compute rates from two samples. */
export interface Usage {
  /** Says when this was read, in milliseconds since the epoch. */
  at: number;
  /** Says when the counter of CPU time began. */
  since: number;
  cpuNanoseconds: number;
  /** Memory that cannot be taken away from it without harm: the working set. */
  memoryBytes: number;
  /** An earlier reading of the same counter, where the driver keeps one: nobody has to come again for a second. */
  before?: Reading;
}

/** Describes where a counter of CPU time stood. */
export interface Reading {
  at: number;
  cpuNanoseconds: number;
}

/** Describes what a container has used in its present run. */
export interface ContainerUsage extends Usage {
  name: string;
}

/** Knows what Pods use. Where they run on this machine nothing is measured before somebody asks. */
export interface PodStatistics {
  /** Says how often there is something new, where Pods tell by themselves. Absent: whenever somebody asks. */
  everyMs?: number;
  /** The running containers of a Pod, in the order of its spec; none when nothing of it runs here. `pod` is as stored. */
  pod(ref: PodRef, pod: Pod): Promise<ContainerUsage[]>;
  /** A Node as a whole. Absent, or undefined: what its Pods use together. */
  node?(name: string): Promise<Usage | undefined>;
}
