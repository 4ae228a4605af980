import { isDeepStrictEqual } from 'node:util';
import { isReason } from '../../errors/apiError.ts';
import { conflict, invalid, notFound } from '../../errors/common.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Stored } from '../../storage/storage.ts';
import { type Context, keyOf, subjectOf } from '../context.ts';
import { admit } from './admit.ts';
import { metadataProblems, metadataUpdateProblems } from './meta.ts';
import { builder, indexOf, parseStored, toStored } from './stored.ts';

const attempts = 20;

/** What a write to a part of an object changes. */
export type Part = 'main' | 'status' | 'finalize' | 'other';

/**
 * Reads the object, lets `change` make the new one of it and stores that: the one way in which anything is updated.
 * Tries again on conflict, unless the new object names the revision it was made from. A change of nothing writes nothing.
 */
export async function updateObject(
  ctx: Context,
  part: Part,
  change: (old: AnyObject, stored: Stored) => AnyObject,
): Promise<Stored | AnyObject> {
  const key = keyOf(ctx);
  for (let attempt = 1; ; attempt++) {
    const stored = await ctx.deps.storage.get(key);
    if (!stored) throw notFound(subjectOf(ctx));
    const old = parseStored(stored, ctx.kind);
    const object = change(old, stored);
    const pinned = object.metadata.resourceVersion;
    if (pinned && pinned !== stored.revision) throw conflict(subjectOf(ctx));
    try {
      return await replace(ctx, part, stored, old, object);
    } catch (error) {
      if (isReason(error, 'NotFound')) throw notFound(subjectOf(ctx));
      if (!isReason(error, 'Conflict')) throw error;
      if (clientPinned.has(object) || attempt >= attempts) throw conflict(subjectOf(ctx));
    }
  }
}

const clientPinned = new WeakSet<AnyObject>();

/** Marks an object whose resourceVersion the client itself sent: a conflict is then the client's to solve. */
export function pinRevision(object: AnyObject): AnyObject {
  clientPinned.add(object);
  return object;
}

async function replace(
  ctx: Context,
  part: Part,
  stored: Stored,
  old: AnyObject,
  object: AnyObject,
): Promise<Stored | AnyObject> {
  const { kind, deps } = ctx;
  keepWhatIsNotTheClients(object, old);
  if (part === 'status') keepAllButStatus(object, old);
  else if (part === 'main') {
    if (kind.subresources?.status) keepStatus(object, old);
    kind.prepareForUpdate?.(object, old, deps);
    countGeneration(object, old, kind);
  }
  if (isDeepStrictEqual(object, old)) return ctx.dryRun ? object : stored;
  await admit(ctx, 'UPDATE', object, old);
  const own = part === 'status' ? kind.validateStatus?.(object, old) : kind.validate?.(object, old);
  const causes = [...metadataUpdateProblems(object, old), ...metadataProblems(object, kind), ...(own ?? [])];
  if (causes.length > 0) throw invalid(kind.kind, kind.group, object.metadata.name ?? '', causes);
  if (ctx.dryRun) return object;
  const bytes = builder(toStored(object, kind));
  if (isFinished(object, kind)) {
    await deps.storage.delete(stored.key, stored.revision, bytes);
    return { ...object, metadata: { ...object.metadata, resourceVersion: stored.revision } };
  }
  return deps.storage.update(stored.key, stored.revision, bytes, indexOf(object, kind));
}

/** Deletion waits only for finalizers: when the last is gone, so is the object. */
export function isFinished(object: AnyObject, kind: Kind): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  if (!deletionTimestamp || finalizers?.length || kind.otherFinalizers?.(object).length) return false;
  return !deletionGracePeriodSeconds;
}

function keepWhatIsNotTheClients(object: AnyObject, old: AnyObject): void {
  const { metadata } = object;
  const before = old.metadata;
  metadata.name ??= before.name;
  if (before.namespace) metadata.namespace ??= before.namespace;
  metadata.uid ||= before.uid;
  metadata.creationTimestamp = before.creationTimestamp;
  metadata.resourceVersion = before.resourceVersion;
  delete metadata.selfLink;
  delete metadata.managedFields;
  for (const field of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'generation'] as const) {
    if (before[field] === undefined) delete metadata[field];
    else Object.assign(metadata, { [field]: before[field] });
  }
}

function keepStatus(object: AnyObject, old: AnyObject): void {
  if (old.status === undefined) delete object.status;
  else object.status = old.status;
}

/** A write to /status takes the status, and of metadata only what controllers keep there. */
function keepAllButStatus(object: AnyObject, old: AnyObject): void {
  const { status, metadata } = object;
  for (const key of Object.keys(object)) delete object[key];
  Object.assign(object, old, {
    metadata: {
      ...metadata,
      finalizers: old.metadata.finalizers,
      ownerReferences: old.metadata.ownerReferences,
    },
  });
  for (const field of ['finalizers', 'ownerReferences'] as const)
    if (object.metadata[field] === undefined) delete object.metadata[field];
  if (status === undefined) delete object.status;
  else object.status = status;
}

function countGeneration(object: AnyObject, old: AnyObject, kind: Kind): void {
  if (!kind.generation) return;
  const changed =
    !isDeepStrictEqual(object.spec, old.spec) ||
    (kind.generation === 'specAndAnnotations' &&
      !isDeepStrictEqual(object.metadata.annotations ?? {}, old.metadata.annotations ?? {}));
  if (changed) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
}
