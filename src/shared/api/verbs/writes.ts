import { badRequest, invalid } from '../../errors/common.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import { strictDecodingError } from '../../kinds/schema/decode-error.ts';
import { applyDefaults } from '../../kinds/schema/defaults.ts';
import { findDuplicateFields } from '../../kinds/schema/duplicates.ts';
import type { AnyObject } from '../../meta/object.ts';
import { type Context, writeOptions } from '../context.ts';
import { maxBodyBytes, mediaType, readBody, readJson } from '../http/body.ts';
import { decodeKind, decodeStructure } from '../http/decodeKind.ts';
import type { ApiResponse } from '../http/message.ts';
import { applyPatch, patchTypes } from '../patch/index.ts';
import { checkPlace, createObject } from '../write/create.ts';
import { type Part, pinRevision, updateObject } from '../write/update.ts';
import { answerObject } from './get.ts';

export async function create(ctx: Context): Promise<ApiResponse> {
  Object.assign(ctx, writeOptions(ctx.query, 'CreateOptions'));
  const object = decodeKind(await readBody(ctx.request, typeOf(ctx.kind)), ctx.kind, ctx);
  return answerObject(ctx, 201, await createObject(ctx, object));
}

/** PUT: replaces; creating by PUT is not offered by the kinds here. */
export async function update(ctx: Context): Promise<ApiResponse> {
  Object.assign(ctx, writeOptions(ctx.query, 'UpdateOptions'));
  const object = decodeKind(await readBody(ctx.request, typeOf(ctx.kind)), ctx.kind, ctx);
  checkPlace(ctx, object);
  if (!object.metadata.name)
    throw badRequest(
      `the name of the object (<empty>) does not match the name on the URL (${ctx.path.name})`,
    );
  if (object.metadata.resourceVersion) pinRevision(object);
  const text = JSON.stringify(object);
  let first = true;
  const saved = await updateObject(ctx, partOf(ctx), () => {
    if (first) {
      first = false;
      return object;
    }
    return JSON.parse(text) as AnyObject;
  });
  return answerObject(ctx, 200, saved);
}

export async function patch(ctx: Context): Promise<ApiResponse> {
  Object.assign(ctx, writeOptions(ctx.query, 'PatchOptions'));
  const type = mediaType(ctx.request);
  if (!patchTypes.includes(type)) applyPatch(type, {}, {}, ctx.kind.type); // throws 415 with the accepted types
  const body = readJson(await ctx.request.body(maxBodyBytes));
  const duplicates = ctx.fieldValidation === 'Ignore' ? [] : findDuplicateFields(body.text ?? '', body.value);
  const saved = await updateObject(ctx, partOf(ctx), (old) =>
    patched(ctx, type, body.value, old, duplicates),
  );
  ctx.warnings = [...new Set(ctx.warnings)];
  return answerObject(ctx, 200, saved);
}

/** The object after the patch, decoded and defaulted anew, since a patch may have brought anything. */
function patched(ctx: Context, type: string, body: unknown, old: AnyObject, duplicates: string[]): AnyObject {
  const { kind, fieldValidation } = ctx;
  const result = applyPatch(type, old, body, kind.type) as AnyObject;
  const unknown: string[] = [...duplicates];
  const object = decodeStructure(result, kind, fieldValidation === 'Ignore' ? undefined : unknown);
  if (unknown.length > 0 && fieldValidation === 'Strict') throw strictPatchError(body, unknown);
  if (fieldValidation === 'Warn') ctx.warnings.push(...unknown);
  checkPlace(ctx, object);
  const revision = object.metadata.resourceVersion;
  const defaulted = applyDefaults(object, kind.type);
  // A patch that speaks of the revision is about that one state; others are about whatever is there.
  return revision && revision !== old.metadata.resourceVersion
    ? pinRevision(defaulted)
    : namesRevision(body)
      ? pinRevision(defaulted)
      : defaulted;
}

const namesRevision = (body: unknown): boolean => {
  if (Array.isArray(body)) return body.some(({ path }) => path === '/metadata/resourceVersion');
  return Boolean((body as { metadata?: { resourceVersion?: unknown } }).metadata?.resourceVersion);
};

const strictPatchError = (body: unknown, problems: string[]) =>
  invalid('', '', '', [
    {
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(goText(body))}: ${strictDecodingError(problems)}`,
      field: 'patch',
    },
  ]);

/** A value as Go prints it with %v, which is how a real server quotes the patch. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value !== 'object' || value === null) return value === null ? '<nil>' : String(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${goText(item)}`).join(' ')}]`;
}

const typeOf = (kind: Kind) => ({ apiVersion: apiVersionOf(kind), kind: kind.kind });

const partOf = ({ path }: Context): Part =>
  path.subresource === '' ? 'main' : path.subresource === 'status' ? 'status' : 'finalize';
