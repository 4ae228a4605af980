import { formatTime } from '../../clock/clock.ts';
import { isReason } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';
import { goSchema } from '../../kinds/schema/goSchema.ts';
import type { DeleteOptions, Eviction, Pod } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { json, warningHeaders } from '../http/answer.ts';
import type { ApiResponse } from '../http/message.ts';
import type { Call } from '../request.ts';
import { missing } from '../served.ts';
import { retried } from '../verbs/patch.ts';
import { admittedAlone } from '../write/admit.ts';
import { readBody } from '../write/body.ts';
import { checkNamespace } from '../write/create.ts';
import { decodeBody, settleProblems } from '../write/decode.ts';
import { checkedOptions } from '../write/deleteOptions.ts';
import { writeOptions } from '../write/options.ts';
import { type Removing, remove } from '../write/remove.ts';
import { budgetNameOf, needsNoBudget, stillProcessed, takeDisruption } from './disruption.ts';

const expected = {
  group: 'policy',
  version: 'v1',
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  schema: goSchema('Eviction'),
  anyGroup: true as const,
};

/** POST of an Eviction: a deletion that says why, and that a disruption budget may refuse. */
export async function evict(call: Call): Promise<ApiResponse> {
  const { deps, request, name, namespace, query } = call;
  const { dryRun, fieldValidation } = writeOptions(query, 'CreateOptions');
  const decoded = await decodeBody(await readBody(request), request.header('content-type'), expected, deps);
  const warnings = settleProblems(decoded.problems, fieldValidation, expected);
  const object = await admittedAlone(call, {
    operation: 'CREATE',
    subresource: 'eviction',
    objectKind: expected,
    schema: expected.schema,
    object: decoded.object,
    dryRun,
    warnings,
  });
  const { metadata, deleteOptions = {} } = object as unknown as Eviction;
  checkNamespace(true, namespace, metadata?.namespace);
  if (metadata?.name !== name) throw badRequest('name in URL does not match name in Eviction object');
  const options = checkedOptions(deleteOptions, dryRun ? ['All'] : []);
  await evictPod(call, { ...options, isAdmitted: true });
  const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
  return json(201, success, warningHeaders(warnings));
}

const attempts = 20;

/** Throws TooManyRequests when a budget does not allow it, NotFound, and Conflict when a precondition fails. */
async function evictPod(call: Call, options: Removing): Promise<void> {
  const insists = !!options.preconditions?.resourceVersion;
  for (let attempt = 1; ; attempt++) {
    const pod = await podOf(call);
    // A Pod that counts for nothing is deleted as it was seen: it may be about to count.
    const isFree = needsNoBudget(pod);
    const asSeen = isFree
      ? pod.status?.phase === 'Pending'
      : await takeDisruption(call, pod, options.isDryRun);
    const resourceVersion = asSeen ? pod.metadata.resourceVersion : undefined;
    try {
      return await markAndRemove(call, withRevision(options, insists ? undefined : resourceVersion));
    } catch (error) {
      if (insists || !resourceVersion || !isReason(error, 'Conflict')) throw error;
      if (!isFree) throw stillProcessed(await budgetNameOf(call, pod));
      if (attempt === attempts) throw error;
    }
  }
}

async function podOf({ deps, served, cluster, namespace, name }: Call): Promise<Pod> {
  const stored = await deps.storage.get(served.key(cluster, namespace, name));
  if (!stored) throw missing(served, name);
  return served.parse(stored) as unknown as Pod;
}

const withRevision = (options: Removing, resourceVersion: string | undefined): Removing =>
  resourceVersion ? { ...options, preconditions: { ...options.preconditions, resourceVersion } } : options;

/** Says in the Pod's status why it goes, then deletes it, by the revision that the status made. */
async function markAndRemove(call: Call, options: Removing): Promise<void> {
  const revision = options.isDryRun ? undefined : await addCondition(call, options);
  const isPinned = !!options.preconditions?.resourceVersion;
  await remove(call, isPinned ? withRevision(options, revision) : options);
}

/**
 * Sets the condition that controllers read; a Pod that is going already or is not the one meant keeps what it says.
 * @returns the Pod's revision afterwards.
 */
async function addCondition(call: Call, { preconditions }: DeleteOptions): Promise<string | undefined> {
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: formatTime(call.deps.clock.now()),
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  };
  const apply = (old: AnyObject): AnyObject => {
    const { metadata, status } = old as unknown as Pod;
    const isMeant =
      (preconditions?.uid ?? metadata.uid) === metadata.uid &&
      (preconditions?.resourceVersion ?? metadata.resourceVersion) === metadata.resourceVersion;
    const conditions = status?.conditions ?? [];
    if (!isMeant || metadata.deletionTimestamp || conditions.some(({ type }) => type === condition.type))
      return old;
    return { ...old, status: { ...status, conditions: [...conditions, condition] } };
  };
  try {
    const outcome = await retried(call, apply, 'status', false, [], { isAdmitted: true });
    return 'revision' in outcome ? String(outcome.revision) : outcome.metadata.resourceVersion;
  } catch (error) {
    // Remove says so in its own words.
    if (!isReason(error, 'NotFound')) throw error;
    return undefined;
  }
}
