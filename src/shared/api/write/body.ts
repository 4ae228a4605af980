import { ApiError } from '../../errors/apiError.ts';
import { isComing, type Soon } from '../../meta/soon.ts';
import type { ApiRequest } from '../http/message.ts';

/** 3 MiB, as a real server. */
export const bodyLimit = 3 * 1024 * 1024;

/** The whole body. Throws RequestEntityTooLarge. */
export function readBody(request: ApiRequest): Soon<Uint8Array> {
  const body = request.body(bodyLimit);
  return isComing(body) ? body.then(checked) : checked(body);
}

function checked(body: Uint8Array): Uint8Array {
  if (body.length > bodyLimit) throw tooLarge();
  return body;
}

/** Makes the answer 413 to a body of more than `bodyLimit` bytes. */
export const tooLarge = () =>
  new ApiError('RequestEntityTooLarge', `Request entity too large: limit is ${bodyLimit}`);
