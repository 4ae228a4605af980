import type { Condition, ObjectMeta } from '../../../schema/types.ts';

/** The facts about these types are in schema/data/own.json. */
export interface LogicalCluster {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec?: LogicalClusterSpec;
  status?: LogicalClusterStatus;
}

/** Says what a logical cluster begins with, and how long it lives. */
export interface LogicalClusterSpec {
  /** The logical cluster that it begins as: a fork of it. Absent: it begins with what every cluster begins with. */
  base?: string;
  /** Seconds after its creation at which it is deleted. Absent: it lives until somebody deletes it. */
  ttlSecondsAfterCreation?: number;
}

/** Says how far the setting up of a logical cluster has got. */
export interface LogicalClusterStatus {
  /** Pending until its first objects are there, then Ready. */
  phase?: 'Pending' | 'Ready';
  observedGeneration?: number;
  conditions?: Condition[];
}
