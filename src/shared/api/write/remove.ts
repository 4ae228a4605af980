import { formatTime } from '../../clock/clock.ts';
import { boundedSeconds } from '../../clock/seconds.ts';
import { isReason } from '../../errors/apiError.ts';
import { conflict } from '../../errors/common.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { DeleteOptions, ObjectMeta } from '../../kinds/schema/types.ts';
import { copyOf } from '../../meta/copy.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Stored } from '../../ports/storage.ts';
import type { Call } from '../request.ts';
import { missing, type Served } from '../served.ts';
import { AdmissionRequest } from './admission.ts';
import { admit, check } from './admit.ts';
import { buildOf, indexOf, toStored } from './bytes.ts';
import { isFinished } from './change.ts';

/** Describes what a deletion led to. */
export interface Removal {
  object: AnyObject;
  /** False while a grace period or finalizers keep it. */
  gone: boolean;
}

/** The options of a deletion. */
export type Removing = DeleteOptions & {
  isDryRun: boolean;
  /** Admission has been asked already, about what the client sent: an Eviction. */
  isAdmitted?: true;
};

const attempts = 20;

/** Deletes the object of the call or begins to. Throws NotFound, and Conflict when a precondition fails. */
export async function remove(call: Call, options: Removing, warnings: string[] = []): Promise<Removal> {
  const { deps, served, cluster, namespace, name } = call;
  let begun: AnyObject | undefined;
  const begins = (object: AnyObject) => {
    begun = object;
  };
  for (let attempt = 1; ; attempt++) {
    const stored = await deps.storage.get(served.key(cluster, namespace, name));
    const object = stored && served.parse(stored);
    // Whoever sees that it is to go at once may have taken it away meanwhile, and another may have its name.
    if (begun && object?.metadata.uid !== begun.metadata.uid) return { object: begun, gone: true };
    if (!stored || !object) throw missing(served, name);
    if (!begun) {
      checkPreconditions(call, object, options);
      if (!options.isAdmitted) await admitRemoval(call, object, options, warnings);
    }
    try {
      return await removeOnce(call, stored, object, options, begins);
    } catch (error) {
      if (isReason(error, 'NotFound') && begun) return { object: begun, gone: true };
      if (isReason(error, 'NotFound')) throw missing(served, name);
      if (attempt === attempts || !isReason(error, 'Conflict')) throw error;
    }
  }
}

async function admitRemoval(
  call: Call,
  old: AnyObject,
  { isDryRun: dryRun, ...deleteOptions }: Removing,
  warnings: string[],
): Promise<void> {
  const admission = new AdmissionRequest(call, { operation: 'DELETE', old, dryRun, deleteOptions, warnings });
  await admit(admission);
  await check(admission);
}

/** @param begun is told of an object whose mark is stored and that goes right after. */
async function removeOnce(
  call: Call,
  stored: Stored,
  old: AnyObject,
  options: Removing,
  begun: (object: AnyObject) => void,
): Promise<Removal> {
  const { deps, served } = call;
  const { kind } = served;
  const object = mark(call, old, options);
  const begins = !old.metadata.deletionTimestamp;
  if (isFinished(call, object)) {
    // Only what may end gracefully shows that its deletion has begun: watches tell of the mark before they tell of the end.
    const shown = kind.gracePeriod ? object : old;
    if (options.isDryRun) return { object: shown, gone: true };
    let last = stored;
    if (kind.gracePeriod && begins) {
      last = await store(call, stored, object);
      begun(object);
    }
    await deps.storage.delete(stored.key, last.revision, buildOf(toStored(served, shown)));
    return { object: shown, gone: true };
  }
  const unchanged = JSON.stringify(object.metadata) === JSON.stringify(old.metadata);
  if (unchanged) return { object, gone: false };
  if (begins) kind.prepareForDelete?.(object, deps);
  if (options.isDryRun) return { object, gone: false };
  return { object: served.parse(await store(call, stored, object)), gone: false };
}

const store = ({ deps, served }: Call, { key, revision }: Stored, object: AnyObject): Promise<Stored> =>
  deps.storage.update(key, revision, buildOf(toStored(served, object)), indexOf(served, object, key.cluster));

function checkPreconditions(
  { served }: Call,
  { metadata }: AnyObject,
  { preconditions }: DeleteOptions,
): void {
  const { kind, group, otherFinalizers } = served.kind;
  const subject = { group, plural: kind, name: metadata.name ?? '' };
  const { uid, resourceVersion } = preconditions ?? {};
  if (otherFinalizers) checkHeld(served, metadata, uid, resourceVersion);
  if (uid !== undefined && uid !== metadata.uid)
    throw conflict(
      subject,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw conflict(
      subject,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
}

/** Checks the preconditions of a deletion. For a Namespace, storage checks them and answers in other words. */
function checkHeld(served: Served, metadata: ObjectMeta, uid?: string, resourceVersion?: string): void {
  const failed = (what: string, wanted: string, found: string | undefined) =>
    conflict(
      served.subject(metadata.name ?? ''),
      `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${found}`,
    );
  if (uid !== undefined && uid !== metadata.uid) throw failed('UID', uid, metadata.uid);
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw failed('ResourceVersion', resourceVersion, metadata.resourceVersion);
}

/** The object with its deletion begun, or brought forward. */
function mark({ deps, served: { kind } }: Call, old: AnyObject, options: DeleteOptions): AnyObject {
  const object = copyOf(old);
  const meta = object.metadata;
  const now = deps.clock.now();
  const grace = kind.gracePeriod?.(object, options.gracePeriodSeconds) ?? 0;
  const begins = meta.deletionTimestamp === undefined;
  const before = meta.deletionGracePeriodSeconds ?? 0;
  if (begins) {
    meta.deletionTimestamp = formatTime(now + boundedSeconds(grace) * 1000);
    meta.deletionGracePeriodSeconds = grace;
  } else if (grace < before) {
    // It counts from when the deletion began; what would have run out already still is a graceful end, of a second.
    const end = Date.parse(meta.deletionTimestamp!) - (boundedSeconds(before) - boundedSeconds(grace)) * 1000;
    meta.deletionTimestamp = formatTime(Math.max(now, end));
    meta.deletionGracePeriodSeconds = end < now && grace > 1 ? 1 : grace;
  }
  if (begins && meta.generation !== undefined) meta.generation++;
  setDependents(kind, meta, options);
  if (begins) kind.beforeDelete?.(object, deps);
  return object;
}

const dependentsFinalizers = ['orphan', 'foregroundDeletion'];

/** Returns what a client is told that did not say what is to become of dependents, where that may surprise. */
export const dependentsWarnings = ({ dependentsOnDelete }: Kind, options: DeleteOptions): string[] =>
  dependentsOnDelete?.warning && !saysDependents(options) ? [dependentsOnDelete.warning] : [];

const saysDependents = ({ propagationPolicy, orphanDependents }: DeleteOptions): boolean =>
  propagationPolicy !== undefined || orphanDependents !== undefined;

/**
 * How the garbage collector is to treat dependents stands in a finalizer. Without a word of it nothing changes, unless
 * the kind has a default of its own and the object does not say otherwise either.
 */
function setDependents(kind: Kind, meta: ObjectMeta, options: DeleteOptions): void {
  if (!saysDependents(options)) {
    const says = meta.finalizers?.some((f) => dependentsFinalizers.includes(f));
    if (kind.dependentsOnDelete && !says) meta.finalizers = [...(meta.finalizers ?? []), 'orphan'];
    return;
  }
  const { propagationPolicy, orphanDependents } = options;
  const wanted =
    propagationPolicy === 'Orphan' || orphanDependents
      ? ['orphan']
      : propagationPolicy === 'Foreground'
        ? ['foregroundDeletion']
        : [];
  const others = (meta.finalizers ?? []).filter((f) => !dependentsFinalizers.includes(f));
  const finalizers = [...others, ...wanted];
  if (finalizers.length) meta.finalizers = finalizers;
  else delete meta.finalizers;
}
