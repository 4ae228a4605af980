import { ApiError } from '../../../shared/errors/apiError.ts';
import type { ServiceRef } from '../../../shared/ports/cloud.ts';
import type { Api } from './api.ts';
import { Application } from './apply.ts';
import { checkOwned } from './creating.ts';
import { deleteLoadBalancer } from './deleting.ts';
import type { Owner } from './desired.ts';
import { serviceHash } from './names.ts';
import { observe } from './observe.ts';
import { removeStack } from './remove.ts';
import type { Observed, Surroundings } from './stack.ts';

/**
 * Observes what an object has, has the difference applied, and frees what it had elsewhere. `told` is the host name in
 * its status. Answers the host name, once the load balancer is there.
 */
export async function ensureStack(
  api: Api,
  place: Owner,
  ref: ServiceRef,
  { loadBalancer: { name, type, scheme, tags } }: Surroundings,
  told: string | undefined,
  apply: (observed: Observed, application: Application, owner: string) => Promise<void>,
): Promise<string | undefined> {
  const owner = serviceHash(place.deployment, ref);
  let observed = await observe(api, place.vpc, name, owner, type === 'application');
  if (observed.loadBalancer) {
    checkOwned({ name, tags }, observed.loadBalancer.tags);
    // Only under a name that the user chose: ours tell the scheme.
    if (observed.loadBalancer.scheme !== scheme) {
      await deleteLoadBalancer(api, observed.loadBalancer.arn);
      observed = { ...observed, loadBalancer: undefined, listeners: [] };
    }
  }
  const application = new Application(api, place.vpc, observed);
  await apply(observed, application, owner);
  const { hostname = '', state, arn } = application.loadBalancer ?? {};
  // What the status tells of is another one: the object has moved.
  if (told && told !== hostname) await removeStack(api, place, ref, arn);
  if (state === 'failed')
    throw new ApiError('InternalError', `AWS could not set up the load balancer ${name}`);
  return state === 'active' || state === 'active_impaired' ? hostname : undefined;
}
