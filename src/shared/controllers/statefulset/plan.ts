import type {
  ControllerRevision,
  OwnerReference,
  PersistentVolumeClaim,
  Pod,
  StatefulSet,
  StatefulSetStatus,
} from '../../kinds/schema/types.ts';
import { isReady, isTerminal, untilAvailable } from '../common/pods.ts';
import { type Revisions, surplusRevisions } from '../revisions/plan.ts';
import {
  claimsOf,
  isWanted,
  missingLabels,
  ordinalOf,
  ordinalsFor,
  podNameOf,
  podOf,
  revisionNameOf,
  startOf,
} from './identity.ts';
import { isStale, ownersOf } from './retention.ts';

export interface Observed {
  set: StatefulSet;
  /** Those that it controls. */
  pods: Pod[];
  /** By name, the claims of its Pods that there are. */
  claims: ReadonlyMap<string, PersistentVolumeClaim>;
  revisions: Revisions;
  now: number;
}

/** Describes what one run does, in this order. */
export interface Plan {
  createClaims: { claim: PersistentVolumeClaim; pod: string }[];
  /** Claims that get other owners. */
  ownClaims: { claim: PersistentVolumeClaim; ownerReferences: OwnerReference[] }[];
  create: Pod[];
  /** Pods that lack labels that tell who they are. */
  label: { pod: Pod; labels: Record<string, string> }[];
  delete: Pod[];
  deleteRevisions: ControllerRevision[];
  status: StatefulSetStatus;
  requeueAfterMs?: number;
}

/** One Pod's place: the Pod, or its number when there is none. */
interface Place {
  ordinal: number;
  pod?: Pod;
}

export function plan(observed: Observed): Plan {
  const { set, pods, revisions, now } = observed;
  const { update, all } = revisions;
  const current = all.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  const live = new Set([current, update].map(({ metadata }) => metadata.name ?? ''));
  for (const pod of pods) live.add(revisionNameOf(pod));
  const minReady = set.spec?.minReadySeconds ?? 0;
  const waits = pods
    .map((pod) => untilAvailable(pod, minReady, now))
    .filter((ms) => ms > 0 && ms < Number.POSITIVE_INFINITY);
  const todo: Plan = {
    createClaims: [],
    ownClaims: [],
    create: [],
    label: [],
    delete: [],
    deleteRevisions: surplusRevisions(all, live, set.spec?.revisionHistoryLimit ?? 10),
    status: statusOf(observed, current),
    ...(waits.length > 0 && { requeueAfterMs: Math.min(...waits) }),
  };
  if (!set.metadata.deletionTimestamp) new Steps(observed, current, todo).take();
  return todo;
}

/** The steps in Kubernetes' order; each method answers whether the set may go on to the next. */
class Steps {
  readonly #seen: Observed;
  readonly #current: ControllerRevision;
  readonly #todo: Plan;
  readonly #inOrder: boolean;
  readonly #replicas: Place[];
  readonly #condemned: Required<Place>[];

  constructor(seen: Observed, current: ControllerRevision, todo: Plan) {
    const { set, pods } = seen;
    this.#seen = seen;
    this.#current = current;
    this.#todo = todo;
    this.#inOrder = set.spec?.podManagementPolicy !== 'Parallel';
    const placed = pods.flatMap((pod) => {
      const ordinal = ordinalOf(pod, set);
      return ordinal === undefined ? [] : [{ ordinal, pod }];
    });
    const byOrdinal = new Map(placed.map((place) => [place.ordinal, place]));
    this.#replicas = ordinalsFor(set, placed.length).map((ordinal) => byOrdinal.get(ordinal) ?? { ordinal });
    this.#condemned = placed
      .filter(({ ordinal }) => !isWanted(ordinal, set))
      .sort((a, b) => b.ordinal - a.ordinal);
  }

  take(): void {
    for (const place of this.#replicas) if (!this.#keep(place) && this.#inOrder) return;
    for (const { pod, ordinal } of this.#condemned) this.#own(pod, ordinal);
    for (const place of this.#condemned) if (!this.#remove(place.pod) && this.#inOrder) return;
    this.#roll();
  }

  /** A Pod that is wanted. */
  #keep({ ordinal, pod }: Place): boolean {
    if (!pod) return this.#make(ordinal);
    if (isTerminal(pod)) {
      if (!pod.metadata.deletionTimestamp) this.#todo.delete.push(pod);
      return false;
    }
    if (pod.status?.phase === 'Pending') this.#claim(ordinal);
    if (this.#inOrder && (pod.metadata.deletionTimestamp || !this.#isAvailable(pod))) return false;
    const labels = missingLabels(pod, ordinal);
    if (labels) this.#todo.label.push({ pod, labels });
    this.#own(pod, ordinal);
    return true;
  }

  #make(ordinal: number): boolean {
    const { set, claims } = this.#seen;
    const name = podNameOf(set, ordinal);
    const there = [...claimsOf(set, ordinal).values()].flatMap(
      ({ metadata }) => claims.get(metadata.name ?? '') ?? [],
    );
    const isScaled = set.spec?.persistentVolumeClaimRetentionPolicy?.whenScaled === 'Delete';
    if (there.some((claim) => claim.metadata.deletionTimestamp || (isScaled && isStale(claim, name))))
      return false;
    this.#claim(ordinal);
    this.#todo.create.push(podOf(set, ordinal, this.#revisionFor(ordinal)));
    return false;
  }

  /** Claims that are not there. */
  #claim(ordinal: number): void {
    const { set, claims } = this.#seen;
    for (const claim of claimsOf(set, ordinal).values())
      if (!claims.has(claim.metadata.name ?? ''))
        this.#todo.createClaims.push({ claim, pod: podNameOf(set, ordinal) });
  }

  #own(pod: Pod, ordinal: number): void {
    const { set, claims } = this.#seen;
    for (const { metadata } of claimsOf(set, ordinal).values()) {
      const claim = claims.get(metadata.name ?? '');
      const ownerReferences = claim && ownersOf(claim, set, pod, ordinal);
      if (ownerReferences) this.#todo.ownClaims.push({ claim, ownerReferences });
    }
  }

  /**
   * Pods below the partition are of the old revision, also when they are made anew. Without one, so many are as still stand: what
   * the status said of that is of the time before the last of them was deleted.
   */
  #revisionFor(ordinal: number): ControllerRevision {
    const { set, revisions } = this.#seen;
    const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
    const old = rollingUpdate
      ? (rollingUpdate.partition ?? 0)
      : type === 'RollingUpdate'
        ? (this.#todo.status.currentReplicas ?? 0)
        : 0;
    return ordinal < startOf(set) + old ? this.#current : revisions.update;
  }

  /** A Pod that is one too many. In order, the one with the highest number goes first, and only from a sound set. */
  #remove(pod: Pod): boolean {
    if (pod.metadata.deletionTimestamp) return false;
    if (this.#inOrder && !this.#isAvailable(pod) && pod !== this.#firstUnavailable()) return false;
    this.#todo.delete.push(pod);
    return false;
  }

  #firstUnavailable(): Pod | undefined {
    const all = [...this.#replicas, ...this.#condemned.toReversed()];
    return all.find(({ pod }) => !pod || pod.metadata.deletionTimestamp || !this.#isAvailable(pod))?.pod;
  }

  /** The next Pod of an old revision, from the highest number down, one at a time. */
  #roll(): void {
    const { set, revisions } = this.#seen;
    const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
    if (type === 'OnDelete' || this.#todo.delete.length > 0 || this.#todo.create.length > 0) return;
    for (const { pod } of this.#replicas.slice(rollingUpdate?.partition ?? 0).toReversed()) {
      if (!pod) return;
      if (revisionNameOf(pod) !== revisions.update.metadata.name && !pod.metadata.deletionTimestamp) {
        this.#todo.delete.push(pod);
        return;
      }
      if (pod.metadata.deletionTimestamp || !this.#isAvailable(pod)) return;
    }
  }

  #isAvailable(pod: Pod): boolean {
    return untilAvailable(pod, this.#seen.set.spec?.minReadySeconds ?? 0, this.#seen.now) === 0;
  }
}

function statusOf({ set, pods, revisions, now }: Observed, current: ControllerRevision): StatefulSetStatus {
  const { conditions, collisionCount = 0 } = set.status ?? {};
  const update = revisions.update.metadata.name ?? '';
  const replicas = set.spec?.replicas ?? 1;
  const mine = pods.filter((pod) => ordinalOf(pod, set) !== undefined);
  const ready = mine.filter((pod) => pod.status?.phase === 'Running' && isReady(pod));
  const standing = mine.filter(({ metadata }) => !metadata.deletionTimestamp);
  const ofRevision = (name: string | undefined) =>
    standing.filter((pod) => revisionNameOf(pod) === name).length;
  const counts = {
    readyReplicas: ready.length,
    currentReplicas: ofRevision(current.metadata.name),
    updatedReplicas: ofRevision(update),
  };
  const isDone =
    set.spec?.updateStrategy?.type === 'RollingUpdate' &&
    [counts.updatedReplicas, counts.readyReplicas, mine.length].every((count) => count === replicas);
  if (isDone) counts.currentReplicas = counts.updatedReplicas;
  const minReady = set.spec?.minReadySeconds ?? 0;
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: mine.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    currentRevision: isDone ? update : (current.metadata.name ?? ''),
    updateRevision: update,
    collisionCount,
    ...(conditions && { conditions }),
    availableReplicas: ready.filter((pod) => untilAvailable(pod, minReady, now) === 0).length,
  };
}
