import type { Client, Reader } from '../client/client.ts';
import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../clock/ids.ts';
import type { Resource } from '../kinds/kind.ts';
import type { KubeObject } from '../meta/object.ts';
import type { Logger } from '../observability/logger.ts';
import type { Cloud } from '../ports/cloud.ts';
import type { Environment } from './environment.ts';

/**
 * A level-based controller: reads what is, decides what should be, does the smallest next steps. Idempotent,
 * re-entrant, never remembers. `plan.ts` beside it is pure and table-tested. One folder and one line in registry.ts.
 */
export interface Controller {
  /** As it appears in Events: `deployment-controller`. */
  name: string;
  /** Says which changes concern which work. Read by the informers in process and by the stream filter on AWS. */
  watches: Watch[];
  /** Is what it watches besides: everything that a logical cluster serves, kinds too that come while it runs. */
  watchesAll?: WatchAll;
  /** Says how many keys may be reconciled at the same time; 1 key never is. Default 16. */
  concurrency?: number;
  /** Says which cloud ports it touches, so which Lambda and role it has on AWS. Default `workloads`: none. */
  group?: 'workloads' | 'pods' | 'services' | 'secrets';
  /** Returns whether a cloud has a use for it; absent: every one has. */
  isFor?(cloud: Cloud): boolean;
  /** Runs only in the logical cluster `default`, for what is there once. */
  defaultClusterOnly?: boolean;
  /** Work that exists without an object: reconciled when a cluster starts and at every resync. */
  always?(cloud: Cloud): ObjectKey[];
  /** Work that something other than an API object wakes: a runtime's status change. */
  wakes?(cloud: Cloud, signal: AbortSignal): AsyncIterable<WorkKey>;
  /**
   * Where nothing follows `wakes`: the key that looks at all of a logical cluster at once and wakes what differs. It is
   * reconciled each minute while the cluster has objects of the first resource that the controller watches.
   */
  survey?: ObjectKey;
  /** Throwing means: again, with back-off. `requeueAfterMs` means: again then, even if nothing changes. */
  reconcile(key: WorkKey, ctx: ReconcileContext): Promise<Requeue | Wake | undefined>;
}

/** Describes when to reconcile a key again although nothing changes. */
export interface Requeue {
  requeueAfterMs: number;
}

/** Other keys of the controller to reconcile now. */
export interface Wake {
  wake: ObjectKey[];
}

/** Describes which changes of one resource concern a controller, and which keys it has to look at then. */
export interface Watch<T extends KubeObject = KubeObject> {
  resource: Resource<T>;
  /**
   * The keys to reconcile after a change; `old` is the state before an update. `change.client` answers what the
   * object alone cannot, for example which Services select a Pod.
   */
  keys(object: T, old: T | undefined, change: ChangeInfo): ObjectKey[] | Promise<ObjectKey[]>;
  /**
   * Only objects with owners or under deletion matter, and deletions of any: others are neither parsed nor kept, so
   * that a thousand ConfigMaps cost the controllers nothing.
   */
  lean?: true;
  /** With `lean`: objects of this name matter whatever they are. */
  named?: string;
  /** The resource is of a definition that may come and go: watched while it is served, so that it costs nothing else. */
  whenServed?: true;
}

/** A lean watch of every resource. */
export interface WatchAll {
  /** Names of the resources that are left out. */
  except: readonly string[];
  /** As of a watch; `change.resource` says what changed. */
  keys: Watch['keys'];
}

/** Describes what a watch is told beside the object that changed. */
export interface ChangeInfo {
  /** The resource of the object: `pods`, `deployments.apps`. */
  resource: string;
  /** The object is gone; `object` is its last state. */
  deleted: boolean;
  client: Reader;
}

/** Names an object within a logical cluster, or work that no object stands for. */
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
  /** Bound to the key's logical cluster. */
  client: Client;
  cloud: Cloud;
  clock: Clock;
  ids: Ids;
  log: Logger;
  events: EventRecorder;
  /** Is what composition roots supply beside the cloud. */
  env: Environment;
}

/** Emits core/v1 Events; similar ones are counted up instead of repeated. Never throws, never waits. */
export type EventRecorder = (about: KubeObject, event: EventFacts) => void;

/** Describes what an Event says. */
export interface EventFacts {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** `spec.containers{name}`. */
  fieldPath?: string;
  /** Is what the controller was doing, as events.k8s.io has it (`Binding`); such Events carry eventTime, no source. */
  action?: string;
  /** Node it happened on. */
  host?: string;
  /**
   * Is what it tells of, when that happens once: the Event's name follows from it, so that nobody writes a second one.
   */
  once?: string;
}

/** Keeps a watch's object type while it stands in a list with others. */
export const watching = <T extends KubeObject>(watch: Watch<T>): Watch => watch as unknown as Watch;

/** The key of an object itself. */
export const keyOf = ({ metadata: { namespace = '', name = '' } }: KubeObject): ObjectKey => ({
  namespace,
  name,
});
