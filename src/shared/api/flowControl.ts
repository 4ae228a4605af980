import type { Attributes } from '../auth/authorize.ts';
import type { ApiRequest, ApiResponse } from './http/message.ts';
import type { Query } from './http/target.ts';

/** Queues requests by priority and fairness, before they are authorised. */
export interface FlowControl {
  /**
   * Serves the request when its turn comes. Before that it passes to `note` the headers that every answer to the request has.
   * Throws TooManyRequests, with the time of a retry, for a request that it refuses.
   */
  admit(
    asked: FlowRequest,
    serve: () => Promise<ApiResponse>,
    note: (headers: Record<string, string>) => void,
  ): Promise<ApiResponse>;
  /** Returns the answer for a path of /debug/api_priority_and_fairness; undefined when there is no such path. */
  dump(name: string): string | undefined;
}

/** The parts of a request that flow control reads. */
export interface FlowRequest {
  attributes: Attributes;
  request: ApiRequest;
  query: Query;
}
