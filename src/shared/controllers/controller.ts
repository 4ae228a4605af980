import type { Client, Reader } from '../client/client.ts';
import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../clock/ids.ts';
import type { Resource } from '../kinds/kind.ts';
import type { KubeObject } from '../meta/object.ts';
import type { Logger } from '../observability/logger.ts';
import type { Cloud } from '../ports/cloud.ts';
import type { Environment } from './environment.ts';

/**
 * A level-based controller: it reads the state, decides what should be, and takes the smallest next steps. It is idempotent
 * and re-entrant, and keeps no state. `plan.ts` beside it is pure and has table tests. A controller is one folder and one
 * line in registry.ts.
 */
export interface Controller {
  /** Its name in Events: `deployment-controller`. */
  name: string;
  /** Map changes of objects to keys. Informers use them in one process, the dispatch function on AWS. */
  watches: Watch[];
  /** A watch of every resource that a logical cluster serves, also of kinds that are added while it runs. */
  watchesAll?: WatchAll;
  /** How many keys are reconciled at the same time, by default 16. The same key never is. */
  concurrency?: number;
  /**
   * How often a key is woken at most while its surroundings go on changing, where a queue stands before the controller: whole
   * seconds in milliseconds, by default 1,000. The first change wakes it at once.
   */
  windowMs?: number;
  /** The cloud ports that it uses, and so its Lambda and role on AWS. The default `workloads` uses none. */
  group?: 'workloads' | 'pods' | 'services' | 'secrets';
  /** Returns whether it is needed with this cloud. Absent when it always is. */
  isFor?(cloud: Cloud): boolean;
  /** True when it runs only in the logical cluster `default`, for things that exist once. */
  defaultClusterOnly?: boolean;
  /** Returns keys without an object, which are reconciled when a cluster starts and at every resync. */
  always?(cloud: Cloud): ObjectKey[];
  /** Yields keys for changes that no API object shows, such as a runtime's status change, until `signal` aborts. */
  wakes?(cloud: Cloud, signal: AbortSignal): AsyncIterable<WorkKey>;
  /**
   * The key that surveys a whole logical cluster and wakes the keys that differ, for planes that do not follow `wakes`. It is
   * reconciled each minute while the cluster has objects of the first resource that the controller watches.
   */
  survey?: ObjectKey;
  /** Reconciles a key. An error means that it is tried again with back-off; `requeueAfterMs`, that it runs again after that time. */
  reconcile(key: WorkKey, ctx: ReconcileContext): Promise<Requeue | Wake | undefined>;
}

/** Describes when to reconcile a key again although nothing changes. */
export interface Requeue {
  requeueAfterMs: number;
}

/** Names other keys of the controller to reconcile now. */
export interface Wake {
  wake: ObjectKey[];
}

/** Describes which changes of one resource concern a controller, and which keys it has to look at then. */
export interface Watch<T extends KubeObject = KubeObject> {
  resource: Resource<T>;
  /**
   * Returns the keys to reconcile after a change; `old` is the state before an update. `change.client` reads other objects,
   * for example the Services that select a Pod.
   */
  keys(object: T, old: T | undefined, change: ChangeInfo): ObjectKey[] | Promise<ObjectKey[]>;
  /**
   * Set when only objects with owners, objects under deletion, and deletions matter. Others are neither parsed nor kept, so
   * that a thousand ConfigMaps cost the controllers nothing.
   */
  lean?: true;
  /** With `lean`: objects with this name matter in any case. */
  named?: string;
  /** With `lean`: objects whose JSON has this text somewhere matter in any case. */
  holding?: string;
  /** Set for the resource of a CustomResourceDefinition: it is watched only while it is served. */
  whenServed?: true;
}

/** A lean watch of every resource. */
export interface WatchAll {
  /** Names of the resources that are left out. */
  except: readonly string[];
  /** Returns keys as a watch does; `change.resource` is the changed resource. */
  keys: Watch['keys'];
}

/** Describes a change, besides the object that changed. */
export interface ChangeInfo {
  /** The resource of the object: `pods`, `deployments.apps`. */
  resource: string;
  /** True when the object is gone; `object` is its last state. */
  deleted: boolean;
  client: Reader;
}

/** Names an object within a logical cluster, or work without an object. */
export interface ObjectKey {
  namespace: string;
  name: string;
}

/** Names a piece of work of a controller. */
export interface WorkKey extends ObjectKey {
  cluster: string;
}

/** Everything that a reconcile may use. */
export interface ReconcileContext {
  /** The client of the key's logical cluster. */
  client: Client;
  cloud: Cloud;
  clock: Clock;
  ids: Ids;
  log: Logger;
  events: EventRecorder;
  /** What composition roots supply besides the cloud. */
  env: Environment;
}

/** Writes core/v1 Events; it counts similar ones instead of repeating them. Never throws, never waits. */
export type EventRecorder = (about: KubeObject, event: EventFacts) => void;

/** Describes what an Event says. */
export interface EventFacts {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** `spec.containers{name}`. */
  fieldPath?: string;
  /** What the controller was doing, as in events.k8s.io (`Binding`). Such Events have an eventTime and no source. */
  action?: string;
  /** The Node on which it happened. */
  host?: string;
  /**
   * Identifies an occurrence that happens once. The name of the Event is derived from it, so that a second one is not written.
   */
  once?: string;
}

/** Erases the object type of a watch, so that it fits into a list with others. */
export const watching = <T extends KubeObject>(watch: Watch<T>): Watch => watch as unknown as Watch;

/** Returns the key of an object. */
export const keyOf = ({ metadata: { namespace = '', name = '' } }: KubeObject): ObjectKey => ({
  namespace,
  name,
});
