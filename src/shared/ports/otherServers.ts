import type { APIService } from '../kinds/schema/types.ts';
import type { ReachAnswer, ReachRequest } from './reach.ts';

/** Sends requests to aggregated API servers, which run behind Services of the cluster. */
export interface OtherServers {
  /**
   * Sends a request to the server of an APIService and resolves with the head of its answer. An authority of the APIService's
   * bundle must have signed the server's certificate for `<service>.<namespace>.svc`, unless the APIService says
   * otherwise. This server presents its front-proxy certificate. Rejects with an Error in Go's words without an answer.
   */
  send(
    cluster: string,
    service: APIService,
    request: Omit<ReachRequest, 'tls' | 'address' | 'port' | 'trust'>,
  ): Promise<ReachAnswer>;
}
