import { ApiError } from '../errors/apiError.ts';
import { badRequest } from '../errors/common.ts';
import { atOnce, type Steps } from '../meta/steps.ts';
import { table } from '../meta/table.ts';
import { jsonPatchSteps } from './json.ts';
import { mergePatch } from './merge.ts';
import { operationsIn } from './operations.ts';
import { strategicMergePatch } from './strategic.ts';

export type Json = Record<string, unknown>;

/** The patches that are applied in one step: those of a JSON patch are its operations. */
const apply: Record<string, (original: Json, patch: unknown, typeName: string | undefined) => unknown> =
  table({
    'application/merge-patch+json': (original, patch) => mergePatch(original, patch),
    'application/strategic-merge-patch+json': (original, patch, typeName) =>
      strategicMergePatch(original, patch as Json, typeName),
  });

/** Media types that PATCH takes, as a 415 lists them. */
export const patchTypes: string[] = ['application/json-patch+json', ...Object.keys(apply)];

/**
 * The object after the patch; the original is left as it is. `body` is the decoded JSON of the request, `typeName` the
 * type in the schema facts (none for custom resources, which know no strategic merge). Throws ApiErrors.
 */
export const applyPatch = (...asked: Parameters<typeof patchSteps>): Json => atOnce(patchSteps(...asked));

/** Does in steps what `applyPatch` does. */
export function* patchSteps(
  contentType: string,
  original: Json,
  body: unknown,
  typeName: string | undefined,
): Steps<Json> {
  const strategic = 'application/strategic-merge-patch+json';
  if (!patchTypes.includes(contentType) || (typeName === undefined && contentType === strategic)) {
    const accepted =
      typeName === undefined
        ? [...patchTypes.filter((type) => type !== strategic), 'application/apply-patch+yaml']
        : patchTypes;
    throw new ApiError(
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
    );
  }
  const isStrategic = contentType === strategic;
  // Nothing at all changes nothing.
  if (body === null && isStrategic) return original;
  if (body === null && contentType.startsWith('application/merge')) throw badRequest('Invalid JSON Patch');
  const wantsList = contentType === 'application/json-patch+json';
  if (Array.isArray(body) !== wantsList || typeof body !== 'object' || body === null)
    throw badRequest(
      `${isStrategic ? '' : 'error decoding patch: '}json: cannot unmarshal ${Array.isArray(body) ? 'array' : 'object'} into Go value of type ${wantsList ? '[]handlers.jsonPatchOp' : 'map[string]interface {}'}`,
    );
  return (
    Array.isArray(body)
      ? yield* jsonPatchSteps(original, operationsIn(body))
      : apply[contentType]!(original, body, typeName)
  ) as Json;
}
