import type { Attributes } from '../auth/authorize.ts';
import type { User } from '../auth/user.ts';
import type { ApiRequest, ApiResponse } from './http/message.ts';

/** Keeps account of requests by the rules of a policy. */
export interface AuditTrail {
  /** Told of a request before it is judged. Undefined: nobody wants to know of it. */
  begin(request: ApiRequest, attributes: Attributes, who: AuditedUsers): AuditedRequest | undefined;
}

/** Describes who asks, and who they act as. */
export interface AuditedUsers {
  real: User;
  /** Absent: themselves. */
  impersonated?: User;
}

/** A request of which account is kept. */
export interface AuditedRequest {
  /** The same request, whose body is looked at as it is read. */
  request: ApiRequest;
  /** Says that the user may do it, and what allows it. */
  allowed(reason?: string): void;
  /** The same answer, whose body is looked at as it is sent. `annotations`: what admission said of the request. */
  answered(answer: ApiResponse, annotations?: Readonly<Record<string, string>>): ApiResponse;
}
