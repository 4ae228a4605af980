import type { User } from '../auth/user.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiRequest, ApiResponse } from './http/message.ts';
import type { Query } from './http/target.ts';
import type { Served } from './served.ts';
import type { WatchEncoder } from './watch/encode.ts';

/** A request to a resource, with everything that is needed to serve it. */
export interface Call {
  deps: ApiDeps;
  request: ApiRequest;
  user: User;
  cluster: string;
  served: Served;
  namespace: string;
  name: string;
  query: Query;
  encoder: WatchEncoder;
  /** Adds an annotation to the audit event. The first value of a key stays. */
  annotate?(key: string, value: string): void;
}

/** Serves one verb. A thrown ApiError becomes the answer. */
export type Serve = (call: Call) => Promise<ApiResponse>;
