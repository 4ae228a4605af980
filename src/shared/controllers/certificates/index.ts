import { certificateRequestIn } from '../../kinds/certificates.k8s.io/v1/certificatesigningrequest/certificateRequest.ts';
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
} from '../../kinds/schema/types.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { certificateSigningRequests } from '../resources.ts';
import { plan } from './plan.ts';

/** Signs approved CertificateSigningRequests for the signers of Kubernetes, and removes old ones. */
export const certificates: Controller = {
  name: 'certificate-controller',
  watches: [
    watching<CertificateSigningRequest>({
      resource: certificateSigningRequests,
      keys: (request) => [keyOf(request)],
    }),
  ],

  async reconcile({ cluster, name }, ctx) {
    const { client, clock } = ctx;
    const request = await client.get(certificateSigningRequests, '', name);
    if (!request || request.metadata.deletionTimestamp) return undefined;
    const step = plan(request, () => certificateRequestIn(request.spec.request), clock.now());
    if (step.is === 'wait') return { requeueAfterMs: Math.min(step.ms, longestWaitMs) };
    if (step.is === 'remove') {
      const { uid } = request.metadata;
      await unlessGone(client.delete(certificateSigningRequests, '', name, uid ? { uid } : {}));
    } else if (step.is === 'sign') await sign(request, cluster, ctx);
    else await fail(request, 'SignerValidationFailure', step.why, ctx);
    return undefined;
  },
};

const longestWaitMs = 3_600_000;

async function sign(
  request: CertificateSigningRequest,
  cluster: string,
  ctx: ReconcileContext,
): Promise<void> {
  const { client, env, clock } = ctx;
  // A certificate is good in every logical cluster, so those who decide in one of them must not have it signed.
  if (!env.signCertificate || cluster !== 'default') {
    const why = env.signCertificate
      ? 'only requests in the logical cluster default are signed'
      : 'this deployment has no certificate authority that signs requests';
    return fail(request, 'SignerNotAvailable', why, ctx);
  }
  const { request: pem, usages = [], expirationSeconds } = request.spec;
  const certificate = await env.signCertificate({
    request: Buffer.from(pem, 'base64').toString(),
    usages,
    ...(expirationSeconds && { expirationSeconds }),
    now: clock.now(),
  });
  const status = { ...request.status, certificate: Buffer.from(certificate).toString('base64') };
  await unlessGone(client.updateStatus(certificateSigningRequests, { ...request, status }));
}

async function fail(
  request: CertificateSigningRequest,
  reason: string,
  message: string,
  { client }: ReconcileContext,
): Promise<void> {
  const failed: CertificateSigningRequestCondition = { type: 'Failed', status: 'True', reason, message };
  const conditions = [...(request.status?.conditions ?? []), failed];
  const status = { ...request.status, conditions };
  await unlessGone(client.updateStatus(certificateSigningRequests, { ...request, status }));
}
