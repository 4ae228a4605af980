import type { CertificateRequest } from '../../kinds/certificates.k8s.io/v1/certificatesigningrequest/certificateRequest.ts';
import type { CertificateSigningRequest } from '../../kinds/schema/types.ts';
import { table } from '../../meta/table.ts';

const hourMs = 3_600_000;
const decidedMs = hourMs;
const pendingMs = 24 * hourMs;

/** Describes what is to be done about a request now. */
export type Plan =
  | { is: 'wait'; ms: number }
  | { is: 'remove' }
  | { is: 'sign' }
  | { is: 'fail'; why: string };

/** Signs what is approved and fits its signer; removes what nobody waits for any more, as a real cleaner does. */
export function plan(
  { metadata, spec, status = {} }: CertificateSigningRequest,
  request: () => CertificateRequest,
  now: number,
): Plan {
  const conditions = status.conditions ?? [];
  const of = (type: string) =>
    conditions.find((condition) => condition.type === type && condition.status === 'True');
  const decision = of('Denied') ?? of('Failed') ?? of('Approved');
  const since = Date.parse(decision?.lastUpdateTime ?? metadata.creationTimestamp ?? '');
  const leftMs = since + (decision ? decidedMs : pendingMs) - now;
  if (leftMs <= 0) return { is: 'remove' };
  const check = signers[spec.signerName];
  const isOpen = of('Approved') && !of('Denied') && !of('Failed') && !status.certificate;
  if (!isOpen || !check) return { is: 'wait', ms: leftMs };
  const why = check(request(), spec.usages ?? []);
  return why ? { is: 'fail', why } : { is: 'sign' };
}

/** Describes what is wrong with a request for this signer. */
type Check = (request: CertificateRequest, usages: readonly string[]) => string | undefined;

const nodePrefix = 'system:node:';
const optional = ['digital signature', 'key encipherment'];

const forClient: Check = (_request, usages) => {
  const other = usages.find((usage) => usage !== 'client auth' && !optional.includes(usage));
  if (other) return `invalid usage for client certificate: ${other}`;
  return usages.includes('client auth')
    ? undefined
    : 'missing required usage for client certificate: client auth';
};

const forNode: Check = ({ organizations, dnsNames, emails, addresses, uris, commonName }, usages) => {
  if (organizations.length !== 1 || organizations[0] !== 'system:nodes')
    return 'subject organization is not system:nodes';
  if (dnsNames.length) return 'DNS subjectAltNames are not allowed';
  if (emails.length) return 'Email subjectAltNames are not allowed';
  if (addresses.length) return 'IP subjectAltNames are not allowed';
  if (uris.length) return 'URI subjectAltNames are not allowed';
  if (!commonName.startsWith(nodePrefix)) return 'subject common name does not begin with system:node:';
  return usagesProblem(usages, 'client auth');
};

const forKubelet: Check = ({ organizations, dnsNames, emails, addresses, uris, commonName }, usages) => {
  if (organizations.length !== 1 || organizations[0] !== 'system:nodes')
    return 'subject organization is not system:nodes';
  if (!dnsNames.length && !addresses.length) return 'DNS or IP subjectAltName is required';
  if (emails.length) return 'Email subjectAltNames are not allowed';
  if (uris.length) return 'URI subjectAltNames are not allowed';
  const problem = usagesProblem(usages, 'server auth');
  if (problem) return problem;
  return commonName.startsWith(nodePrefix)
    ? undefined
    : 'subject common name does not begin with system:node:';
};

/** Keys that are not of RSA cannot encipher. */
function usagesProblem(usages: readonly string[], purpose: string): string | undefined {
  const all = [...new Set(usages)].sort();
  const wanted = [purpose, 'digital signature', 'key encipherment'].sort();
  const isAll = all.join() === wanted.join();
  const isWithoutRsa = all.join() === wanted.filter((usage) => usage !== 'key encipherment').join();
  return isAll || isWithoutRsa ? undefined : `usages did not match [${wanted.join(' ')}]`;
}

const signers: Record<string, Check> = table({
  'kubernetes.io/kube-apiserver-client': forClient,
  'kubernetes.io/kube-apiserver-client-kubelet': forNode,
  'kubernetes.io/kubelet-serving': forKubelet,
  'kubernetes.io/legacy-unknown': () => undefined,
});
