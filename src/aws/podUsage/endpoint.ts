import { json, pageNotFound } from '../../shared/api/http/answer.ts';
import { methodNotAllowed } from '../../shared/api/http/errors.ts';
import type { Paths } from '../../shared/api/paths.ts';
import type { User } from '../../shared/auth/user.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import { ApiError } from '../../shared/errors/apiError.ts';
import { notFound } from '../../shared/errors/common.ts';
import type { Pod } from '../../shared/kinds/schema/types.ts';
import type { PodRef } from '../../shared/ports/pods.ts';
import type { Storage } from '../../shared/ports/storage.ts';
import { bootedPod } from '../bootTokens/user.ts';
import type { PodUsage } from '../drivers/dynamodb/podUsage.ts';
import { usagesTold } from './told.ts';

export interface EndpointParts {
  storage: Pick<Storage, 'get'>;
  clock: Clock;
  usage: Pick<PodUsage, 'keep'>;
}

/** Ten containers are some 80 KB. */
const mostBytes = 256 * 1024;

/**
 * Takes what a Pod tells of its own use. Which Pod that is the token says, which is bound to it: of another one nobody can
 * tell anything.
 */
export const usageEndpoint =
  ({ storage, clock, usage }: EndpointParts): Paths =>
  async (request, { cluster, segments }, user) => {
    if (segments.length > 1) return pageNotFound();
    if (request.method !== 'POST') throw methodNotAllowed();
    const ref = teller(cluster, user);
    const { spec } = await podAt(storage, ref);
    const all = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
    const names = new Set(all.map(({ name }) => name));
    const usages = usagesTold(await request.body(mostBytes), names, clock.now());
    if (usages.length > 0) await usage.keep(ref, usages);
    return json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 200 });
  };

function teller(cluster: string, user: User): PodRef {
  const pod = bootedPod(user);
  if (pod) return { cluster, ...pod };
  throw new ApiError('Forbidden', 'only a Pod tells what it uses, by a boot token that is bound to it');
}

/** The token was found good up to ten seconds ago. */
async function podAt(storage: Pick<Storage, 'get'>, ref: PodRef): Promise<Pod> {
  const { cluster, namespace, name, uid } = ref;
  const found = await storage.get({ cluster, resource: 'pods', namespace, name });
  const pod: Pod | undefined = found && JSON.parse(Buffer.from(found.value).toString());
  if (pod?.metadata.uid !== uid) throw notFound({ group: '', plural: 'pods', name });
  return pod;
}
