import type { ApiRequest, Handle } from '../../shared/api/http/message.ts';
import { requestWith } from '../../shared/api/http/requestWith.ts';
import { bodyLimit } from '../../shared/api/write/body.ts';

/** Reads the body of a request before anybody deals with it: one that is long in coming, or never comes, holds no seat. */
export function bodiesFirst(handle: Handle): Handle {
  return (asked) => {
    const isBare = asked.method === 'GET' || asked.header('upgrade') || proxied.test(asked.target);
    return isBare ? handle(asked) : withBody(asked).then(handle);
  };
}

/** Is what is passed on as it comes. */
const proxied =
  /^(\/clusters\/[^/]+)?\/api\/v1\/(namespaces\/[^/]+\/(pods|services)|nodes)\/[^/]+\/proxy([/?]|$)/;

/** The request with its body in memory; reading a bad body throws what is wrong with it. */
async function withBody(request: ApiRequest): Promise<ApiRequest> {
  try {
    const bytes = await request.body(bodyLimit);
    return requestWith(request, { body: () => bytes });
  } catch (error) {
    return requestWith(request, { body: () => Promise.reject(error) });
  }
}
