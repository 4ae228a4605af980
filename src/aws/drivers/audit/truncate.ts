import type { AuditEvent } from '../../../shared/ports/auditLog.ts';

/**
 * Returns an event as a text of at most `mostBytes` bytes: where it is longer, without what was sent and answered and with an
 * annotation that says so, as kube-apiserver's truncating backend does. Undefined when it is too long even then.
 */
export function truncated(event: AuditEvent, mostBytes: number): string | undefined {
  const whole = JSON.stringify(event);
  if (Buffer.byteLength(whole) <= mostBytes) return whole;
  const { requestObject: _request, responseObject: _response, ...rest } = event;
  const annotations = { ...rest.annotations, 'audit.k8s.io/truncated': 'true' };
  const short = JSON.stringify({ ...rest, annotations });
  return Buffer.byteLength(short) <= mostBytes ? short : undefined;
}
