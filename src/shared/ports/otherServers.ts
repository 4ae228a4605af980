import type { APIService } from '../kinds/schema/types.ts';
import type { ReachAnswer, ReachRequest } from './reach.ts';

/** Speaks to the API servers of others, which stand behind Services of the cluster. */
export interface OtherServers {
  /**
   * Sends a request to the server of an APIService and resolves with the head of its answer. Its certificate has to be
   * one of the APIService's bundle for `<service>.<namespace>.svc`, unless the APIService says otherwise; this server
   * shows the certificate of its front proxy. Rejects with an Error in Go's words when nobody answers.
   */
  send(
    cluster: string,
    service: APIService,
    request: Omit<ReachRequest, 'tls' | 'address' | 'port' | 'trust'>,
  ): Promise<ReachAnswer>;
}
