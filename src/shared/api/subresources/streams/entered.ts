import { checkAllowed } from '../../../auth/authorize.ts';
import { ApiError } from '../../../errors/apiError.ts';
import { badRequest } from '../../../errors/common.ts';
import type { Pod } from '../../../kinds/schema/types.ts';
import type { PodRef } from '../../../ports/cloud.ts';
import type { Call } from '../../request.ts';
import { missing } from '../../served.ts';
import { containerOf } from '../log.ts';

/** Is the Pod that a stream leads into, with the name by which its runtime knows it. */
export interface Entered {
  ref: PodRef;
  pod: Pod;
}

/** The Pod that somebody wants to be let into. Throws Forbidden, NotFound, BadRequest. */
export async function entered(call: Call, subresource: string): Promise<Entered> {
  const { deps, served, cluster, namespace, name } = call;
  await checkCreate(call, subresource);
  const stored = await deps.storage.get(served.key(cluster, namespace, name));
  if (!stored) throw missing(served, name);
  const pod = served.parse(stored) as unknown as Pod;
  if (!pod.spec?.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  return { pod, ref: { cluster, namespace, name, uid: pod.metadata.uid ?? '' } };
}

/** WebSocket clients can only send GET; a user with read access must not get into containers that way. */
async function checkCreate(
  { deps, cluster, user, namespace, name }: Call,
  subresource: string,
): Promise<void> {
  const attributes = {
    cluster,
    user,
    verb: 'create',
    resource: { group: '', version: 'v1', plural: 'pods', subresource },
    namespace,
    name,
    path: '',
  };
  await checkAllowed(deps.authorizer, attributes);
}

/** The container that is meant, which runs. Throws BadRequest, InternalError. */
export function enteredContainer({ pod }: Entered, asked: string | undefined): string {
  const container = containerOf(pod, asked);
  const {
    containerStatuses = [],
    initContainerStatuses = [],
    ephemeralContainerStatuses = [],
  } = pod.status ?? {};
  const all = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
  const status = all.find(({ name }) => name === container);
  if (status?.state?.running) return container;
  throw new ApiError(
    'InternalError',
    `unable to upgrade connection: container not found (${JSON.stringify(container)})`,
  );
}
