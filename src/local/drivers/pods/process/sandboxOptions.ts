import type { Clock } from '../../../../shared/clock/clock.ts';
import type { PodNetwork, Reached } from '../../podNetwork.ts';
import type { Containers } from '../native/containers.ts';
import type { FoundImage, Sandbox } from '../sandbox.ts';
import type { Rotation } from './criLog.ts';

export interface ProcessSandboxOptions {
  /** Holds a folder per Pod; made when it is not there. */
  folder: string;
  /** Says how container IDs begin. */
  scheme: string;
  /** As in Sandbox. */
  separatesUsers?: boolean;
  /** As in Sandbox. */
  image(name: string): Promise<FoundImage>;
  pull?: Sandbox['pull'];
  /** For images that are root file systems; without it they cannot be run. */
  containers?: Containers;
  network: PodNetwork;
  /** Says where a port of a Pod is reached. Absent: at its address itself. */
  reached?: Reached;
  /** Returns where names of a logical cluster are answered. */
  clusterDns?(cluster: string): Promise<string | undefined>;
  clock: Clock;
  /** Is what every program sees of this machine's environment; PATH above all. */
  hostEnv: Record<string, string>;
  rotation?: Rotation;
  /** A folder that is not written to a disk, for this alone. */
  memory?: string;
}
