import { warningHeaders } from '../http/answer.ts';
import { encoded, plainEncoding } from '../http/encode.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondObject } from '../http/object.ts';
import type { Call } from '../request.ts';
import { deleteOptions } from '../write/deleteOptions.ts';
import { dependentsWarnings, remove } from '../write/remove.ts';
import { carrying } from '../write/warn.ts';

/** DELETE of one object: answers it when it stays for now or its kind wants so, else a Status. */
export async function deleteOne(call: Call): Promise<ApiResponse> {
  const options = await deleteOptions(call);
  const { kind } = call.served;
  const warnings = dependentsWarnings(kind, options);
  const { object, gone } = await remove(call, options, warnings).catch((error: unknown) => {
    throw carrying(error, warnings);
  });
  if (!gone || kind.deleteAnswers === 'object') return respondObject(call, object, 200, warnings);
  const { name, uid } = object.metadata;
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(kind.group && { group: kind.group }), kind: kind.plural, uid },
  };
  return encoded(200, status, 'Status', plainEncoding(call.request), warningHeaders(warnings));
}
