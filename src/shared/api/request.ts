import type { User } from '../auth/user.ts';
import type { ApiDeps } from './deps.ts';
import type { ApiRequest, ApiResponse } from './http/message.ts';
import type { Query } from './http/target.ts';
import type { Served } from './served.ts';
import type { WatchEncoder } from './watch/encode.ts';

/** One request to a resource, with everything that serving it needs. */
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
  /** Writes something into the audit line. The first value of a key stays. */
  annotate?(key: string, value: string): void;
}

/** Carries out one verb. A thrown ApiError becomes the answer. */
export type Serve = (call: Call) => Promise<ApiResponse>;
