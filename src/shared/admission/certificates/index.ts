import type { Authorizer } from '../../auth/authorize.ts';
import { masters, type User } from '../../auth/user.ts';
import { ApiError } from '../../errors/apiError.ts';
import { certificateRequestIn } from '../../kinds/certificates.k8s.io/v1/certificatesigningrequest/certificateRequest.ts';
import type { CertificateSigningRequest } from '../../kinds/schema/types.ts';
import { isSame } from '../../kinds/validation/same.ts';
import { table } from '../../meta/table.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';

const group = 'certificates.k8s.io';
const plural = 'certificatesigningrequests';
const forClients = 'kubernetes.io/kube-apiserver-client';
/** Says which right a door takes. */
const verbs: Record<string, string> = table({ approval: 'approve', status: 'sign' });

/**
 * A request for a certificate says who asked; nobody gets one of system:masters by it. Who decides on it, or signs it,
 * needs a right for its signer. Throws Forbidden.
 */
export const certificates = (authorizer: Authorizer): AdmissionPlugin => ({
  name: 'CertificateApproval',
  resources: [`${plural}.${group}`, `${plural}.${group}/*`],
  operations: ['CREATE', 'UPDATE'],
  admit: ({ operation, object, user }) => {
    if (operation !== 'CREATE' || !object) return false;
    const request = object as unknown as CertificateSigningRequest;
    request.spec = { ...request.spec, ...requestor(user) };
    return true;
  },
  validate: async (admission) => {
    const { operation, subresource = '', object, old } = admission;
    const request = object as unknown as CertificateSigningRequest;
    if (operation === 'CREATE') return checkGroups(admission, request);
    const verb = verbs[subresource];
    if (!verb) return;
    const before = old as unknown as CertificateSigningRequest;
    if (verb === 'sign' && isUntouched(before, request)) return;
    const { signerName } = before.spec;
    if (await may(authorizer, admission, verb, signerName)) return;
    throw refused(
      admission,
      `user not permitted to ${verb} requests with signerName ${JSON.stringify(signerName)}`,
    );
  },
});

const requestor = ({ name, uid, groups, extra }: User) => ({
  username: name,
  uid: uid || undefined,
  groups,
  extra,
});

const isUntouched = (
  { status: before = {} }: CertificateSigningRequest,
  { status = {} }: CertificateSigningRequest,
) => before.certificate === status.certificate && isSame(before.conditions, status.conditions);

function checkGroups(admission: Admission, { spec }: CertificateSigningRequest): void {
  if (spec.signerName !== forClients) return;
  if (!certificateRequestIn(spec.request).organizations.includes(masters)) return;
  throw refused(admission, `use of ${forClients} signer with ${masters} group is not allowed`);
}

/** For this signer, or for all signers of its domain. */
async function may(authorizer: Authorizer, { cluster, user }: Admission, verb: string, signer: string) {
  for (const name of [signer, `${signer.split('/')[0]}/*`]) {
    const resource = { group, version: '*', plural: 'signers' };
    const { allowed } = await authorizer.decide({ cluster, user, verb, resource, name, path: '' });
    if (allowed) return true;
  }
  return false;
}

function refused({ object, name: asked }: Admission, why: string): ApiError {
  const name = object?.metadata.name ?? asked;
  return new ApiError('Forbidden', `${plural}.${group} ${JSON.stringify(name)} is forbidden: ${why}`, {
    details: { ...(name && { name }), group, kind: plural },
  });
}
