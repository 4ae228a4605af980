import { formatTime } from '../../clock/clock.ts';
import { isReason } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';
import { goSchema } from '../../kinds/schema/goSchema.ts';
import type { DeleteOptions, Eviction, Pod } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { json, warningHeaders } from '../http/answer.ts';
import type { ApiResponse } from '../http/message.ts';
import type { Call } from '../request.ts';
import { retried } from '../verbs/patch.ts';
import { admittedAlone } from '../write/admit.ts';
import { readBody } from '../write/body.ts';
import { checkNamespace } from '../write/create.ts';
import { decodeBody, settleProblems } from '../write/decode.ts';
import { checkedOptions } from '../write/deleteOptions.ts';
import { writeOptions } from '../write/options.ts';
import { remove } from '../write/remove.ts';

const expected = {
  group: 'policy',
  version: 'v1',
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  schema: goSchema('Eviction'),
  anyGroup: true as const,
};

/** POST of an Eviction: a deletion that says why. There are no disruption budgets that could refuse it yet. */
export async function evict(call: Call): Promise<ApiResponse> {
  const { deps, request, name, namespace, query } = call;
  const { dryRun, fieldValidation } = writeOptions(query, 'CreateOptions');
  const decoded = await decodeBody(
    await readBody(request),
    request.header('content-type'),
    expected,
    deps.parseYaml,
  );
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
  if (!options.isDryRun) await tellWhy(call, options);
  await remove(call, { ...options, isAdmitted: true });
  const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
  return json(201, success, warningHeaders(warnings));
}

/** The condition that controllers read; a Pod that is going already or is not the one meant keeps what it says. */
async function tellWhy(call: Call, { preconditions }: DeleteOptions): Promise<void> {
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
    const isMeant = (preconditions?.uid ?? metadata.uid) === metadata.uid && !preconditions?.resourceVersion;
    const conditions = status?.conditions ?? [];
    if (!isMeant || metadata.deletionTimestamp || conditions.some(({ type }) => type === condition.type))
      return old;
    return { ...old, status: { ...status, conditions: [...conditions, condition] } };
  };
  try {
    await retried(call, apply, 'status', false, [], { isAdmitted: true });
  } catch (error) {
    // Remove says so in its own words.
    if (!isReason(error, 'NotFound')) throw error;
  }
}
