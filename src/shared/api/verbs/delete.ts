import { formatTime } from '../../clock/clock.ts';
import { isReason } from '../../errors/apiError.ts';
import { badRequest, conflict, notFound } from '../../errors/common.ts';
import { DecodeError } from '../../kinds/schema/decode-error.ts';
import { decodeObject } from '../../kinds/schema/structural.ts';
import type { DeleteOptions } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Stored } from '../../storage/storage.ts';
import { type Context, keyOf, subjectOf, writeOptions } from '../context.ts';
import { readBody } from '../http/body.ts';
import type { ApiResponse } from '../http/message.ts';
import { respond, success } from '../http/respond.ts';
import { admit } from '../write/admit.ts';
import { builder, indexOf, parseStored, toStored } from '../write/stored.ts';
import { isFinished } from '../write/update.ts';
import { answerObject } from './get.ts';

const attempts = 20;

export async function remove(ctx: Context): Promise<ApiResponse> {
  const options = await deleteOptions(ctx);
  const { object, gone } = await deleteObject(ctx, ctx.path.name, options);
  if (!gone || ctx.kind.deleteAnswers === 'object') return answerObject(ctx, 200, object);
  const { name = '', uid = '' } = object.metadata;
  return respond(
    200,
    success({ name, ...(ctx.kind.group && { group: ctx.kind.group }), kind: ctx.kind.plural, uid }),
    ctx.as === 'yaml' ? 'yaml' : 'json',
  );
}

/** Options from the body (which need not say its kind) or else from the query. */
export async function deleteOptions(ctx: Context): Promise<DeleteOptions> {
  const body = await readBody(ctx.request, { apiVersion: 'v1', kind: 'DeleteOptions' });
  const options = body.value === undefined ? fromQuery(ctx.query) : decoded(body.value);
  const dryRun = new URLSearchParams(ctx.query);
  for (const value of options.dryRun ?? []) dryRun.append('dryRun', value);
  ctx.dryRun = writeOptions(dryRun, 'DeleteOptions').dryRun;
  const policy = options.propagationPolicy;
  if (policy && !['Orphan', 'Background', 'Foreground'].includes(policy))
    throw badRequest(
      `invalid propagationPolicy ${JSON.stringify(policy)}: must be one of Orphan, Background, Foreground`,
    );
  return options;
}

function decoded(value: unknown): DeleteOptions {
  try {
    return decodeObject<DeleteOptions>(value, 'DeleteOptions');
  } catch (error) {
    throw error instanceof DecodeError ? badRequest(`DeleteOptions: ${error.message}`) : error;
  }
}

function fromQuery(query: URLSearchParams): DeleteOptions {
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  return {
    ...(grace !== null && { gracePeriodSeconds: Number(grace) }),
    ...(policy !== null && { propagationPolicy: policy }),
  } as DeleteOptions;
}

/** Begins or finishes a deletion: finalizers and grace periods keep an object that is marked as deleted. */
export async function deleteObject(
  ctx: Context,
  name: string,
  options: DeleteOptions,
): Promise<{ object: AnyObject; gone: boolean }> {
  for (let attempt = 1; ; attempt++) {
    const stored = await ctx.deps.storage.get(keyOf(ctx, name));
    if (!stored) throw notFound(subjectOf(ctx, name));
    const object = parseStored(stored, ctx.kind);
    checkPreconditions(ctx, object, options);
    try {
      return await deleteOnce(ctx, stored, object, options);
    } catch (error) {
      if (isReason(error, 'NotFound')) throw notFound(subjectOf(ctx, name));
      if (!isReason(error, 'Conflict') || attempt >= attempts) throw error;
    }
  }
}

function checkPreconditions(ctx: Context, { metadata }: AnyObject, { preconditions }: DeleteOptions): void {
  const check = (label: string, wanted: string | undefined, found: string | undefined) => {
    if (wanted !== undefined && wanted !== found)
      throw conflict(
        subjectOf(ctx, metadata.name ?? ''),
        `Precondition failed: ${label} in precondition: ${wanted}, ${label} in object meta: ${found}`,
      );
  };
  check('UID', preconditions?.uid, metadata.uid);
  check('ResourceVersion', preconditions?.resourceVersion, metadata.resourceVersion);
}

async function deleteOnce(ctx: Context, stored: Stored, object: AnyObject, options: DeleteOptions) {
  const { kind, deps } = ctx;
  await admit(ctx, 'DELETE', object);
  const next = structuredClone(object);
  const finalizersChanged = setPropagation(next, options);
  const grace = kind.gracePeriod?.(next, options.gracePeriodSeconds) ?? 0;
  const begins = markDeleted(next, grace, deps.clock.now());
  if (begins) {
    if (kind.generation && next.metadata.generation !== undefined) next.metadata.generation++;
    kind.prepareForDelete?.(next, deps);
  }
  if (isFinished(next, kind)) {
    if (!ctx.dryRun) await deps.storage.delete(stored.key, stored.revision, builder(toStored(object, kind)));
    return {
      object: { ...object, metadata: { ...next.metadata, resourceVersion: stored.revision } },
      gone: true,
    };
  }
  if (
    ctx.dryRun ||
    !(
      begins ||
      finalizersChanged ||
      next.metadata.deletionGracePeriodSeconds !== object.metadata.deletionGracePeriodSeconds
    )
  )
    return { object: next, gone: false };
  const saved = await deps.storage.update(
    stored.key,
    stored.revision,
    builder(toStored(next, kind)),
    indexOf(next, kind),
  );
  return { object: parseStored(saved, kind), gone: false };
}

/** How dependents are treated is remembered as a finalizer, for the garbage collector. */
function setPropagation(
  { metadata }: AnyObject,
  { propagationPolicy, orphanDependents }: DeleteOptions,
): boolean {
  const policy =
    propagationPolicy ??
    (orphanDependents === undefined ? undefined : orphanDependents ? 'Orphan' : 'Background');
  if (policy === undefined) return false;
  const before = metadata.finalizers ?? [];
  const wanted = policy === 'Orphan' ? 'orphan' : policy === 'Foreground' ? 'foregroundDeletion' : undefined;
  const others = before.filter((finalizer) => finalizer !== 'orphan' && finalizer !== 'foregroundDeletion');
  const after = wanted ? [...others, wanted] : others;
  if (after.length > 0) metadata.finalizers = after;
  else delete metadata.finalizers;
  return after.join() !== before.join();
}

/** Sets the time of deletion, or brings it forward; true when the deletion begins with this. */
function markDeleted({ metadata }: AnyObject, grace: number, now: number): boolean {
  const begins = metadata.deletionTimestamp === undefined;
  if (!begins && grace >= (metadata.deletionGracePeriodSeconds ?? 0)) return false;
  metadata.deletionTimestamp = formatTime(now + grace * 1000);
  metadata.deletionGracePeriodSeconds = grace;
  return begins;
}
