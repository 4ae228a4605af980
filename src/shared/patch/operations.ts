import { ApiError } from '../errors/apiError.ts';
import { badRequest } from '../errors/common.ts';
import { jsonType } from '../kinds/schema/mismatch.ts';

/** One operation of a JSON patch (RFC 6902). */
export interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}

const maxOperations = 10_000;

/** The operations of a patch, typed. Throws BadRequest for members of another type, RequestEntityTooLarge for too many. */
export function operationsIn(patch: readonly unknown[]): Operation[] {
  const operations = patch.map(operationOf);
  if (operations.length > maxOperations)
    throw new ApiError(
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${maxOperations}, got ${operations.length}`,
    );
  return operations;
}

/** Nothing at all is an operation without a name, which the patch then fails at. */
function operationOf(value: unknown): Operation {
  if (value === null) return { op: '', path: '' };
  if (typeof value !== 'object' || Array.isArray(value))
    throw mistyped(`${jsonType(value)} into Go value of type handlers.jsonPatchOp`);
  const { op = '', path = '', from, ...rest } = value as Record<string, unknown>;
  return {
    op: textOf('op', op) ?? '',
    path: textOf('path', path) ?? '',
    from: textOf('from', from),
    ...('value' in rest && { value: rest.value }),
  };
}

function textOf(field: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw mistyped(`${jsonType(value)} into Go struct field jsonPatchOp.${field} of type string`);
}

const mistyped = (what: string) => badRequest(`error decoding patch: json: cannot unmarshal ${what}`);
