import type { Attributes } from '../auth/authorize.ts';
import type { User } from '../auth/user.ts';
import type { ApiRequest, ApiResponse } from './http/message.ts';

/** Keeps account of requests by the rules of a policy. */
export interface AuditTrail {
  /**
   * Told of a request before it is judged: `attributes` name who asks, not whom they act as. Undefined: nobody wants to
   * know of it.
   */
  begin(request: ApiRequest, auditId: string, attributes: Attributes): AuditedRequest | undefined;
  /** Told of a request of which nobody knows who asks, before it is answered. Its body stays unread. */
  refused(request: ApiRequest, auditId: string, attributes: Attributes): AuditedRefusal | undefined;
}

/** A request of which account is kept though it gets no further than its answer. */
export interface AuditedRefusal {
  /** The same answer, whose body is looked at as it is sent. `annotations`: what admission said of the request. */
  answered(answer: ApiResponse, annotations?: Readonly<Record<string, string>>): ApiResponse;
}

/** A request of which account is kept. */
export interface AuditedRequest extends AuditedRefusal {
  /** The same request, whose body is looked at as it is read. */
  request: ApiRequest;
  /** Says that it is being judged, and whom its user acts as, if anybody. */
  judging(impersonated?: User): void;
  /** Says that the user may do it, and what allows it. */
  allowed(reason?: string): void;
}
