import { formatTime } from '../../clock/clock.ts';
import { ApiError } from '../../errors/apiError.ts';
import { badRequest, conflict } from '../../errors/common.ts';
import { goSchema } from '../../kinds/schema/goSchema.ts';
import type { Binding, Pod } from '../../kinds/schema/types.ts';
import { copyOf } from '../../meta/copy.ts';
import type { AnyObject } from '../../meta/object.ts';
import { json, warningHeaders } from '../http/answer.ts';
import type { ApiResponse } from '../http/message.ts';
import type { Call } from '../request.ts';
import { retried } from '../verbs/patch.ts';
import { admittedAlone } from '../write/admit.ts';
import { readBody } from '../write/body.ts';
import { decodeBody } from '../write/decode.ts';
import { writeOptions } from '../write/options.ts';

const expected = { group: '', version: 'v1', apiVersion: 'v1', kind: 'Binding', schema: goSchema('Binding') };

/** POST of a Binding, to a Pod or to the collection: the scheduler's word on which Node a Pod runs. */
export async function bind(call: Call): Promise<ApiResponse> {
  const { request, deps, query } = call;
  const { dryRun } = writeOptions(query, 'CreateOptions');
  const decoded = await decodeBody(await readBody(request), request.header('content-type'), expected, deps);
  const warnings: string[] = [];
  const name = call.name || (decoded.object.metadata.name ?? '');
  const named: Call = { ...call, name };
  const object = await admittedAlone(named, {
    operation: 'CREATE',
    subresource: 'binding',
    objectKind: expected,
    schema: expected.schema,
    object: decoded.object,
    dryRun,
    warnings,
  });
  const { target, metadata } = object as unknown as Binding;
  if (metadata?.name !== name) throw badRequest('name in URL does not match name in Binding object');
  checkTarget(target);
  const apply = (old: AnyObject): AnyObject => {
    const pod = copyOf(old) as unknown as Pod;
    checkUnbound(pod, name, metadata?.uid);
    pod.spec!.nodeName = target.name;
    delete pod.status?.nominatedNodeName;
    for (const part of ['labels', 'annotations'] as const)
      if (metadata?.[part]) pod.metadata[part] = { ...pod.metadata[part], ...metadata[part] };
    scheduled(pod, formatTime(deps.clock.now()));
    return pod as unknown as AnyObject;
  };
  await retried(named, apply, 'internal', dryRun, warnings, { isAdmitted: true });
  const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
  return json(201, success, warningHeaders(warnings));
}

/** A real server takes a target that is none for an error of its own. */
const unbindable = (why: string) => new ApiError('Unknown', why);

function checkTarget(target: Binding['target'] | undefined): void {
  if (target?.kind && target.kind !== 'Node')
    throw unbindable(
      `target.kind: Unsupported value: ${JSON.stringify(target.kind)}: supported values: "Node", "<empty>"`,
    );
  if (!target?.name) throw unbindable('target.name: Required value');
}

function checkUnbound({ metadata, spec }: Pod, name: string, uid: string | undefined): void {
  const subject = { group: '', plural: 'pods/binding', name };
  if (uid && uid !== metadata.uid)
    throw conflict(
      subject,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`,
    );
  if (metadata.deletionTimestamp)
    throw conflict(subject, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (spec?.nodeName)
    throw conflict(subject, `pod ${name} is already assigned to node ${JSON.stringify(spec.nodeName)}`);
}

function scheduled(pod: Pod, at: string): void {
  const condition = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null as unknown as string,
    lastTransitionTime: at,
  };
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== condition.type);
  pod.status = { ...pod.status, conditions: [...others, condition] };
}
