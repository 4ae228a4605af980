import { formatTime } from '../../clock/clock.ts';
import { conflict, invalid } from '../../errors/common.ts';
import type { Binding, Pod } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { json } from '../http/answer.ts';
import type { ApiResponse } from '../http/message.ts';
import type { Call } from '../request.ts';
import { retried } from '../verbs/patch.ts';
import { readBody } from '../write/body.ts';
import { decodeBody } from '../write/decode.ts';
import { writeOptions } from '../write/options.ts';

const expected = { group: '', version: 'v1', apiVersion: 'v1', kind: 'Binding', type: 'Binding' };

/** POST of a Binding: the scheduler's word on which Node a Pod runs. */
export async function bind(call: Call): Promise<ApiResponse> {
  const { request, name, deps, query } = call;
  const { dryRun } = writeOptions(query, 'CreateOptions');
  const { object } = decodeBody(await readBody(request), request.header('content-type'), expected);
  const { target, metadata } = object as unknown as Binding;
  checkTarget(name, target);
  const apply = (old: AnyObject): AnyObject => {
    const pod = structuredClone(old) as unknown as Pod;
    checkUnbound(pod, name, metadata?.uid);
    pod.spec!.nodeName = target.name;
    for (const part of ['labels', 'annotations'] as const)
      if (metadata?.[part]) pod.metadata[part] = { ...pod.metadata[part], ...metadata[part] };
    scheduled(pod, formatTime(deps.clock.now()));
    return pod as unknown as AnyObject;
  };
  await retried(call, apply, 'internal', dryRun);
  return json(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

function checkTarget(name: string, target: Binding['target'] | undefined): void {
  if (target?.kind && target.kind !== 'Node')
    throw invalid('Binding', '', name, [
      {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${JSON.stringify(target.kind)}: supported values: "Node", "<empty>"`,
        field: 'target.kind',
      },
    ]);
  if (!target?.name)
    throw invalid('Binding', '', name, [
      { reason: 'FieldValueRequired', message: 'Required value', field: 'target.name' },
    ]);
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
