import type { ApiRequest } from '../api/http/message.ts';

/** Who makes a request. */
export interface User {
  name: string;
  groups: string[];
  uid?: string;
  extra?: Record<string, string[]>;
}

/** Answers who it is; undefined when the request carries no credential of this kind. Throws Unauthorized for a bad one. */
export type Authenticator = (request: ApiRequest) => User | undefined | Promise<User | undefined>;

/** What is asked of an authoriser. */
export interface Attributes {
  user: User;
  cluster: string;
  verb: string;
  /** Absent for other paths than resources. */
  resource?: {
    group: string;
    version: string;
    plural: string;
    subresource?: string;
    namespace?: string;
    name?: string;
  };
  /** For other paths: `/healthz`. */
  path?: string;
}

export type Authorizer = (attributes: Attributes) => Decision | Promise<Decision>;

export interface Decision {
  allowed: boolean;
  reason?: string;
}

export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
export const isAuthenticated = ({ groups }: User): boolean => groups.includes('system:authenticated');
