import { isReason } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';
import { DecodeError, strictDecodingError } from '../../kinds/schema/decode-error.ts';
import { MalformedJson, parseJsonBody } from '../../kinds/schema/json.ts';
import type { ObjectSchema } from '../../kinds/schema/objectSchema.ts';
import { addAll } from '../../meta/lists.ts';
import type { AnyObject } from '../../meta/object.ts';
import { inTurns } from '../../meta/steps.ts';
import { conversionError } from '../../patch/conversion.ts';
import { patchSteps } from '../../patch/index.ts';
import { type Applied, invalidPatch, isStrategic } from '../../patch/refusal.ts';
import { unknownPatchType } from '../http/errors.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondOutcome } from '../http/object.ts';
import type { Call } from '../request.ts';
import { missing } from '../served.ts';
import { readBody } from '../write/body.ts';
import { type ChangeDetails, change, type Part, type Section } from '../write/change.ts';
import { checkNamespace } from '../write/create.ts';
import { checkKind, type Expected, mediaType, otherKind } from '../write/decode.ts';
import { type WriteOptions, writeOptions } from '../write/options.ts';
import type { Outcome } from '../write/sequence.ts';
import { apply } from './apply.ts';
import { checkName } from './update.ts';

/** PATCH of an object or of a part of it. */
export const patch =
  (part: Part, section?: Section) =>
  async (call: Call): Promise<ApiResponse> => {
    if (isApply(call)) return apply(call, { door: part === 'main' ? '' : part, part, section });
    const options = writeOptions(call.query, 'PatchOptions');
    const { type, body } = await readPatch(call);
    const warnings: string[] = [];
    const wanted = (old: AnyObject) => patched(call, type, body, old, options, warnings);
    const outcome = await retried(call, wanted, part, options.dryRun, warnings, { section });
    return respondOutcome(call, outcome, 200, warnings);
  };

const attempts = 8;

/** Reads, changes and writes; again when somebody else was faster, unless the patch insists on a resourceVersion. */
export async function retried(
  call: Call,
  apply: (old: AnyObject) => AnyObject | Promise<AnyObject>,
  part: Part,
  dryRun: boolean,
  warnings: string[] = [],
  details?: ChangeDetails,
): Promise<Outcome> {
  const { deps, served, cluster, namespace, name } = call;
  for (let attempt = 1; ; attempt++) {
    const stored = await deps.storage.get(served.key(cluster, namespace, name));
    if (!stored) throw missing(served, name);
    const old = served.parse(stored);
    let pause = deps.turn?.();
    if (pause) await pause;
    const wanted = await apply(old);
    pause = deps.turn?.();
    if (pause) await pause;
    const insists = wanted.metadata.resourceVersion !== old.metadata.resourceVersion;
    try {
      return await change(call, stored, old, wanted, part, dryRun, warnings, details);
    } catch (error) {
      if (insists || attempt === attempts || !isReason(error, 'Conflict')) throw error;
    }
  }
}

/** Is the body of a PATCH: its media type, and the value that was parsed from it. */
export interface PatchBody {
  type: string;
  body: unknown;
}

/** Media type and decoded body. Throws UnsupportedMediaType, BadRequest. */
export async function readPatch({ request }: Call): Promise<PatchBody> {
  const type = mediaType(request.header('content-type'));
  if (!known.includes(type)) throw unknownPatchType();
  try {
    return { type, body: parseJsonBody(await readBody(request)).value };
  } catch (error) {
    if (error instanceof MalformedJson)
      throw badRequest(isStrategic(type) ? error.message : `error decoding patch: ${error.message}`);
    throw error;
  }
}

const known = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

const applyType = 'application/apply-patch+yaml';
/** Returns whether a PATCH is a server-side apply. */
export const isApply = ({ request }: Call) => mediaType(request.header('content-type')) === applyType;

/** The object that a patch makes of `old`, decoded. Throws BadRequest, Invalid. */
async function patched(
  { deps, served, namespace, name }: Call,
  type: string,
  body: unknown,
  old: AnyObject,
  options: WriteOptions,
  warnings: string[],
): Promise<AnyObject> {
  const { kind } = served;
  const steps = patchSteps(type, old, body, kind.schema.goType);
  const result = (await inTurns(steps, deps.turn)) as AnyObject;
  await deps.turn?.();
  if (typeof result !== 'object' || result === null || Array.isArray(result))
    throw badRequest('the patched value is not an object');
  const problems: string[] = [];
  const applied = { type, body, result, isCustom: !kind.schema.goType };
  // A strategic patch is converted, which does not look at kind and apiVersion.
  if (!isStrategic(type)) checkPatchedKind(applied, { ...kind, apiVersion: served.apiVersion });
  const wanted = decodePatched(applied, kind.schema, problems);
  if (options.fieldValidation === 'Strict' && problems.length)
    throw invalidPatch(applied, strictDecodingError(problems));
  warnings.length = 0;
  if (options.fieldValidation === 'Warn') addAll(warnings, problems);
  wanted.metadata ??= {};
  checkNamespace(kind.namespaced, namespace, wanted.metadata.namespace);
  checkName(name, wanted.metadata.name);
  return { ...wanted, kind: kind.kind, apiVersion: served.apiVersion };
}

/** Throws Invalid, as a real server says it of this kind of patch. */
export function decodePatched(applied: Applied, schema: ObjectSchema, problems: string[]): AnyObject {
  try {
    return schema.decode(applied.result, problems);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw invalidPatch(applied, isStrategic(applied.type) ? conversionError(error.message) : error.message);
  }
}

function checkPatchedKind(applied: Applied, expected: Expected): void {
  if (!expected.schema.goType) {
    const { kind, apiVersion } = applied.result as AnyObject;
    if (kind !== expected.kind || apiVersion !== expected.apiVersion)
      throw otherKind(applied.result as AnyObject, expected);
    return;
  }
  try {
    checkKind(applied.result as AnyObject, expected);
  } catch (error) {
    throw invalidPatch(applied, (error as Error).message.replace(/^.* cannot be handled as a \w+: /, ''));
  }
}
