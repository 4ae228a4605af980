import type {
  PersistentVolume,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  StorageClass,
} from '../../kinds/schema/types.ts';

/** Describes what places depend on beside Pods and Nodes. Of each only what is needed is read. */
export interface Facts {
  /** By `namespace/name`. */
  claims: ReadonlyMap<string, PersistentVolumeClaim>;
  volumes: readonly PersistentVolume[];
  /** By name. */
  classes: ReadonlyMap<string, StorageClass>;
  /** Labels of the Namespaces, by name. */
  namespaces: ReadonlyMap<string, Record<string, string>>;
  budgets: readonly PodDisruptionBudget[];
}

/** Where nothing of it is needed. */
export const noFacts: Facts = {
  claims: new Map(),
  volumes: [],
  classes: new Map(),
  namespaces: new Map(),
  budgets: [],
};
