import { ApiError } from '../../errors/apiError.ts';
import type { Scale } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { applyPatch } from '../../patch/index.ts';
import type { ApiResponse } from '../http/message.ts';
import type { Call } from '../request.ts';
import { missing } from '../served.ts';
import { decodePatched, isApply, readPatch, retried } from '../verbs/patch.ts';
import { checkName } from '../verbs/update.ts';
import { readBody } from '../write/body.ts';
import { decodeBody, settleProblems } from '../write/decode.ts';
import { writeOptions } from '../write/options.ts';
import { applyScale } from './scaleApply.ts';
import { at, expected, respondScale, scaled, scaleOf } from './scaled.ts';

export async function getScale(call: Call): Promise<ApiResponse> {
  const { deps, served, cluster, namespace, name } = call;
  const stored = await deps.storage.get(served.key(cluster, namespace, name));
  if (!stored) throw missing(served, name);
  const object = served.parse(stored);
  const { isSparse, specReplicas } = served.kind.subresources!.scale!;
  if (isSparse && at(object, specReplicas) === undefined)
    throw new ApiError(
      'InternalError',
      `Internal error occurred: the spec replicas field ".${specReplicas}" does not exist`,
    );
  return respondScale(call, object);
}

export async function updateScale(call: Call): Promise<ApiResponse> {
  const { deps, request, name } = call;
  const { object } = await decodeBody(
    await readBody(request),
    request.header('content-type'),
    expected,
    deps,
  );
  checkName(name, object.metadata?.name);
  return write(call, 'UpdateOptions', () => object as unknown as Scale);
}

export async function patchScale(call: Call): Promise<ApiResponse> {
  if (isApply(call)) return applyScale(call);
  const { type, body } = await readPatch(call);
  const { fieldValidation } = writeOptions(call.query, 'PatchOptions');
  const warnings: string[] = [];
  const patchedScale = (scale: Scale) => {
    const result = applyPatch(type, scale as unknown as AnyObject, body, 'Scale');
    const problems: string[] = [];
    const decoded = decodePatched({ type, body, result }, expected.schema, problems);
    warnings.splice(0, warnings.length, ...settleProblems(problems, fieldValidation, expected));
    checkName(call.name, decoded.metadata?.name);
    return decoded as unknown as Scale;
  };
  return write(call, 'PatchOptions', patchedScale, warnings);
}

async function write(
  call: Call,
  options: string,
  change: (scale: Scale) => Scale,
  warnings: string[] = [],
): Promise<ApiResponse> {
  const { dryRun } = writeOptions(call.query, options);
  const apply = (old: AnyObject) =>
    scaled(call, old, { old, scale: change(scaleOf(call, old)), dryRun, warnings });
  const outcome = await retried(call, apply, 'main', dryRun, [], { door: 'scale', isAdmitted: true });
  return respondScale(call, outcome, warnings);
}
