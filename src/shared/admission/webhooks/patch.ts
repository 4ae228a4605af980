import { ApiError } from '../../errors/apiError.ts';
import { internalError } from '../../errors/common.ts';
import { DecodeError } from '../../kinds/schema/decode-error.ts';
import { MalformedJson, parseJsonBody } from '../../kinds/schema/json.ts';
import { jsonType } from '../../kinds/schema/mismatch.ts';
import type { AdmissionResponse } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { jsonPatch } from '../../patch/json.ts';
import { type Operation, operationsIn } from '../../patch/operations.ts';
import { checkKind } from '../sameKind.ts';
import type { Subject } from '../subject.ts';
import { CallingFailed } from './call.ts';

/**
 * The object after the patch of a webhook, decoded; undefined when there is no patch.
 * @throws CallingFailed when the patch cannot be read, InternalError when it cannot be applied.
 */
export function patchedBy(
  webhook: string,
  { patch, patchType }: AdmissionResponse,
  subject: Subject,
  operation: string,
): AnyObject | undefined {
  if (!patch) return undefined;
  const operations = operationsOf(webhook, patch);
  if (operations.length === 0) return undefined;
  const { object, schema } = subject;
  if (!object || operation === 'DELETE')
    throw internalError(
      `admission webhook ${JSON.stringify(webhook)} attempted to modify the object, which is not supported for this operation`,
    );
  if (patchType !== undefined && patchType !== 'JSONPatch')
    throw new CallingFailed(webhook, `unsupported patch type ${JSON.stringify(patchType)}`);
  try {
    const result = jsonPatch(object, operations) as AnyObject;
    checkKind(result, object);
    return schema.decode(result);
  } catch (error) {
    if (error instanceof DecodeError) throw internalError(error.message);
    if (error instanceof ApiError && error.cause instanceof Error) throw internalError(error.cause.message);
    throw error;
  }
}

function operationsOf(webhook: string, patch: string): Operation[] {
  const failed = (why: string) =>
    new CallingFailed(webhook, `received undecodable patch in webhook response: ${why}`);
  try {
    const { value } = parseJsonBody(Buffer.from(patch, 'base64'));
    if (value === null) return [];
    if (!Array.isArray(value))
      throw failed(`json: cannot unmarshal ${jsonType(value)} into Go value of type jsonpatch.Patch`);
    return operationsIn(value);
  } catch (error) {
    if (error instanceof MalformedJson) throw failed(error.message);
    if (error instanceof ApiError) throw failed(error.message.replace('error decoding patch: ', ''));
    throw error;
  }
}
