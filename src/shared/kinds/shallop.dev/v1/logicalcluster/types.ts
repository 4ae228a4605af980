import type { Condition, ObjectMeta } from '../../../schema/types.ts';

/** The facts about these types are in schema/data/own.json. */
export interface LogicalCluster {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec?: LogicalClusterSpec;
  status?: LogicalClusterStatus;
}

/** Nothing to say yet: a logical cluster is its name. */
export type LogicalClusterSpec = Record<string, never>;

/** Says how far the setting up of a logical cluster has got. */
export interface LogicalClusterStatus {
  /** Pending until its first objects are there, then Ready. */
  phase?: 'Pending' | 'Ready';
  observedGeneration?: number;
  conditions?: Condition[];
}
