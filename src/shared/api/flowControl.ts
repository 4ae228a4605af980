import type { Attributes } from '../auth/authorize.ts';
import type { ApiRequest, ApiResponse } from './http/message.ts';
import type { Query } from './http/target.ts';

/** Lets requests in as their turn comes, before anybody looks at what they are allowed. */
export interface FlowControl {
  /**
   * Serves the request when its turn comes. `note` is told, before that, of headers that every answer to it has. Throws
   * TooManyRequests, with when to come again, for what has to be refused.
   */
  admit(
    asked: FlowRequest,
    serve: () => Promise<ApiResponse>,
    note: (headers: Record<string, string>) => void,
  ): Promise<ApiResponse>;
  /** Returns what stands behind a path of /debug/api_priority_and_fairness; undefined for a path that is not there. */
  dump(name: string): string | undefined;
}

/** Is a request as flow control looks at it. */
export interface FlowRequest {
  attributes: Attributes;
  request: ApiRequest;
  query: Query;
}
