import type { ApiRequest } from '../../shared/api/http/message.ts';
import { tooManyRequests } from './refusal.ts';

export interface InFlightLimits {
  /** GETs that are being answered; what streams counts only until it begins. */
  readOnly: number;
  mutating: number;
}

/** As kube-apiserver's --max-requests-inflight and --max-mutating-requests-inflight. */
export const defaultLimits: InFlightLimits = { readOnly: 400, mutating: 200 };
/** One client leaves the rest to others, however many requests it sends. */
const shareOfOne = 0.75;

interface Lane {
  limit: number;
  total: number;
  byClient: Map<string, { under: number }>;
}

/** Counts a request as one of those under way until the function returned is called. Throws TooManyRequests. */
export type InFlight = (request: ApiRequest) => () => void;

/**
 * Bounds what priority levels do not: the requests of the level `exempt`, and those that go on for long until they have begun.
 * Refuses with 429 what would be too much at once, in all or of one program of one client. (A real server lets administrators
 * do everything at once; on one machine everybody is one.)
 */
export function limitInFlight(limits: InFlightLimits = defaultLimits): InFlight {
  const lane = (limit: number): Lane => ({ limit, total: 0, byClient: new Map() });
  const [reads, writes] = [lane(limits.readOnly), lane(limits.mutating)];
  return (request) => {
    const lane = request.method === 'GET' ? reads : writes;
    const { byClient, limit } = lane;
    const client = clientOf(request);
    const known = byClient.get(client);
    const own = known ?? { under: 0 };
    if (lane.total >= limit || own.under >= limit * shareOfOne) throw tooManyRequests(1);
    if (!known) byClient.set(client, own);
    lane.total++;
    own.under++;
    return () => {
      lane.total--;
      own.under--;
      if (!own.under) byClient.delete(client);
    };
  };
}

/** Returns who is asking, by what was shown for it, and with which program. */
const clientOf = (request: ApiRequest): string => {
  const { certificate, address } = request.peer;
  const who = certificate?.commonName ?? request.header('authorization') ?? address;
  return `${who} ${request.header('user-agent') ?? ''}`;
};
