import type { Client } from '../client/client.ts';
import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../clock/ids.ts';
import type { Cloud } from '../cloud/provider.ts';
import type { Resource } from '../kinds/kind.ts';
import type { KubeObject } from '../meta/object.ts';
import type { Logger } from '../observability/logger.ts';

/**
 * A level-based controller: reads what is, decides what should be, does the smallest next steps. Idempotent,
 * re-entrant, never remembers. `plan.ts` beside it is pure and table-tested. One folder and one line in registry.ts.
 */
export interface Controller {
  /** As it appears in Events: `deployment-controller`. */
  name: string;
  /** Which changes concern which work. Read by the informers in process and by the stream filter on AWS. */
  watches: Watch[];
  /** Work that something other than an API object wakes: a runtime's status change. */
  wakes?(cloud: Cloud, signal: AbortSignal): AsyncIterable<WorkKey>;
  /** Throwing means: again, with back-off. `requeueAfterMs` means: again then, even if nothing changes. */
  reconcile(key: WorkKey, ctx: ReconcileContext): Promise<Requeue | undefined>;
}

export interface Requeue {
  requeueAfterMs: number;
}

export interface Watch<T extends KubeObject = KubeObject> {
  resource: Resource<T>;
  /** The keys to reconcile after a change; `old` is the state before an update. */
  keys(object: T, old?: T): ObjectKey[];
}

export interface ObjectKey {
  namespace: string;
  name: string;
}

export interface WorkKey extends ObjectKey {
  cluster: string;
}

export interface ReconcileContext {
  /** Bound to the key's logical cluster. */
  client: Client;
  cloud: Cloud;
  clock: Clock;
  ids: Ids;
  log: Logger;
  events: EventRecorder;
}

/** Emits core/v1 Events; similar ones are counted up instead of repeated. Never throws, never waits. */
export type EventRecorder = (
  about: KubeObject,
  event: { type: 'Normal' | 'Warning'; reason: string; message: string; fieldPath?: string },
) => void;

/** Keeps a watch's object type while it stands in a list with others. */
export const watching = <T extends KubeObject>(watch: Watch<T>): Watch => watch as unknown as Watch;
