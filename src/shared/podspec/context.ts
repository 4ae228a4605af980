import type { Pod, Service } from '../kinds/schema/types.ts';
import type { PodRef, PodSources } from '../ports/cloud.ts';

/** Describes what the pure parts need to know of a Pod on its way to becoming processes. */
export interface PodContext {
  ref: PodRef;
  pod: Pod;
  sources: PodSources;
  podIP: string;
  hostIP: string;
  /** Is what limits stand for where a container has none: the Node's allocatable quantities. */
  allocatable: Record<string, string>;
  /**
   * Reads a file of an emptyDir of the Pod: undefined where there is none. Absent where nobody can look into volumes before
   * the container runs.
   */
  fileText?(volume: string, path: string): Promise<string | undefined>;
  /** Returns what Pods dial a Service by in `<NAME>_SERVICE_HOST`. Default: its cluster IP. */
  serviceHost?: (service: Service) => string;
}

/** The container cannot be created as its Pod asks; `reason` is the waiting reason, for example CreateContainerConfigError. */
export class ConfigError extends Error {
  readonly reason: string;

  constructor(message: string, reason = 'CreateContainerConfigError') {
    super(message);
    this.name = 'ConfigError';
    this.reason = reason;
  }
}
