import type { ApiResponse } from '../http/message.ts';
import { respondStored } from '../http/object.ts';
import { noRevision } from '../list/revision.ts';
import type { Call } from '../request.ts';
import { missing } from '../served.ts';

/** GET of one object, or of its status: one read, and the stored bytes. */
export async function get(call: Call): Promise<ApiResponse> {
  const { deps, served, cluster, namespace, name } = call;
  const wanted = call.query.get('resourceVersion');
  if (wanted && !/^\d+$/.test(wanted)) throw noRevision(wanted);
  const stored = await deps.storage.get(served.key(cluster, namespace, name));
  if (!stored) throw missing(served, name);
  return respondStored(call, stored);
}
