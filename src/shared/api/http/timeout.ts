import { goDurationFault } from '../../clock/goDuration.ts';
import { badRequest } from '../../errors/common.ts';
import type { Route } from '../route.ts';
import type { ClusterTarget } from './target.ts';

const lasting = ['attach', 'exec', 'log', 'portforward', 'proxy'];

/**
 * Looks at the `timeout` of a request that is answered at once: answers take less time than any client waits, so that it
 * only has to be one.
 * @throws BadRequest
 */
export function checkTimeout({ query }: ClusterTarget, route: Route): void {
  const timeout = query.get('timeout');
  if (
    !timeout ||
    (route.is === 'resource' && (route.verb === 'watch' || lasting.includes(route.subresource)))
  )
    return;
  const fault = goDurationFault(timeout);
  if (fault) throw badRequest(`invalid timeout specified in the request URL - ${fault}`);
}
