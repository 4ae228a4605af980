import { failure } from '../../shared/api/http/answer.ts';
import type { ApiRequest, Handle } from '../../shared/api/http/message.ts';
import { requestWith } from '../../shared/api/http/requestWith.ts';
import { bodyLimit } from '../../shared/api/write/body.ts';
import { ApiError } from '../../shared/errors/apiError.ts';

export interface InFlightLimits {
  /** GETs that are being answered; a watch or a log that streams counts only until it begins. */
  readOnly: number;
  mutating: number;
}

/** As kube-apiserver's --max-requests-inflight and --max-mutating-requests-inflight. */
const defaults: InFlightLimits = { readOnly: 400, mutating: 200 };
/** One client leaves the rest to others, however many requests it sends. */
const shareOfOne = 0.75;

interface Lane {
  limit: number;
  total: number;
  byClient: Map<string, number>;
}

/** Refuses with 429 and Retry-After what would be too much at once: in all, or of one client. */
export function limitInFlight(handle: Handle, limits: InFlightLimits = defaults): Handle {
  const lane = (limit: number): Lane => ({ limit, total: 0, byClient: new Map() });
  const [reads, writes] = [lane(limits.readOnly), lane(limits.mutating)];
  return async (asked) => {
    // As with a real server they may take as long as they like: the programs behind them bear the load.
    if (proxied.test(asked.target)) return handle(asked);
    const isRead = asked.method === 'GET';
    // A body that is long in coming, or never comes, holds nobody's place.
    const request = isRead || asked.header('upgrade') ? asked : await withBody(asked);
    const lane = isRead ? reads : writes;
    const client = clientOf(request);
    const own = lane.byClient.get(client) ?? 0;
    if (lane.total >= lane.limit || own >= lane.limit * shareOfOne) return failure(tooMany());
    lane.total++;
    lane.byClient.set(client, own + 1);
    try {
      return await handle(request);
    } finally {
      lane.total--;
      const left = lane.byClient.get(client)! - 1;
      if (left) lane.byClient.set(client, left);
      else lane.byClient.delete(client);
    }
  };
}

const proxied =
  /^(\/clusters\/[^/]+)?\/api\/v1\/(namespaces\/[^/]+\/(pods|services)|nodes)\/[^/]+\/proxy([/?]|$)/;

/** The request with its body in memory; reading a bad body throws what is wrong with it. */
async function withBody(request: ApiRequest): Promise<ApiRequest> {
  const [outcome] = await Promise.allSettled([request.body(bodyLimit)]);
  return requestWith(request, {
    body: async () => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    },
  });
}

/** Who is asking, as far as it is known before anybody is authenticated, and with which program. */
const clientOf = (request: ApiRequest): string => {
  const { certificate, address } = request.peer;
  const who = certificate?.commonName ?? request.header('authorization') ?? address;
  return `${who} ${request.header('user-agent') ?? ''}`;
};

const tooMany = () =>
  new ApiError('TooManyRequests', 'Too many requests, please try again later.', {
    details: { retryAfterSeconds: 1 },
  });
