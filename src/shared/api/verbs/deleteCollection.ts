import { isReason } from '../../errors/apiError.ts';
import type { ApiResponse } from '../http/message.ts';
import { readList } from '../list/read.ts';
import type { Call } from '../request.ts';
import { deleteOptions } from '../write/deleteOptions.ts';
import { dependentsWarnings, remove } from '../write/remove.ts';
import { listRepresentation, respondList } from './list.ts';

/** DELETE of a collection: what a list with the same query shows is deleted and answered. */
export async function deleteCollection(call: Call): Promise<ApiResponse> {
  listRepresentation(call);
  const options = await deleteOptions(call);
  const read = await readList(call);
  const warnings = dependentsWarnings(call.served.kind, options);
  for (const { key } of read.items) {
    try {
      await remove({ ...call, namespace: key.namespace, name: key.name }, options, warnings);
    } catch (error) {
      // Somebody else was faster.
      if (!isReason(error, 'NotFound')) throw error;
    }
  }
  return respondList(call, read, warnings);
}
