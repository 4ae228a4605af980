import { expect, test } from '@jest/globals';
import type { CertificateRequest } from '../../kinds/certificates.k8s.io/v1/certificatesigningrequest/certificateRequest.ts';
import type { CertificateSigningRequest } from '../../kinds/schema/types.ts';
import { plan } from './plan.ts';

const now = Date.UTC(2026, 0, 2);
const at = (hoursAgo: number) => new Date(now - hoursAgo * 3_600_000).toISOString();
const client = 'kubernetes.io/kube-apiserver-client';
const kubelet = 'kubernetes.io/kubelet-serving';
const node = 'kubernetes.io/kube-apiserver-client-kubelet';

interface Asked {
  signer?: string;
  usages?: string[];
  conditions?: string[];
  certificate?: string;
  hoursAgo?: number;
}

const requested = ({ signer = client, usages = ['client auth'], hoursAgo = 0, ...status }: Asked) =>
  ({
    metadata: { name: 'r', creationTimestamp: at(hoursAgo) },
    spec: { request: '', signerName: signer, usages },
    status: {
      certificate: status.certificate,
      conditions: (status.conditions ?? ['Approved']).map((type) => ({
        type,
        status: 'True',
        lastUpdateTime: at(hoursAgo),
      })),
    },
  }) as CertificateSigningRequest;

const nobody: CertificateRequest = {
  commonName: 'system:node:n',
  organizations: ['system:nodes'],
  dnsNames: [],
  emails: [],
  uris: [],
  addresses: [],
};
const serving = ['server auth', 'digital signature'];

test.each<{ why: string; asked: Asked; request?: Partial<CertificateRequest>; step: object }>([
  { why: 'approved', asked: {}, step: { is: 'sign' } },
  { why: 'pending', asked: { conditions: [] }, step: { is: 'wait', ms: 24 * 3_600_000 } },
  { why: 'denied', asked: { conditions: ['Denied'] }, step: { is: 'wait', ms: 3_600_000 } },
  {
    why: 'approved and failed',
    asked: { conditions: ['Approved', 'Failed'] },
    step: { is: 'wait', ms: 3_600_000 },
  },
  { why: 'signed', asked: { certificate: 'x' }, step: { is: 'wait', ms: 3_600_000 } },
  {
    why: 'of somebody else’s signer',
    asked: { signer: 'example.com/s' },
    step: { is: 'wait', ms: 3_600_000 },
  },
  {
    why: 'of a signer called constructor',
    asked: { signer: 'constructor' },
    step: { is: 'wait', ms: 3_600_000 },
  },
  { why: 'signed an hour ago', asked: { certificate: 'x', hoursAgo: 1 }, step: { is: 'remove' } },
  { why: 'pending for a day', asked: { conditions: [], hoursAgo: 24 }, step: { is: 'remove' } },
  { why: 'pending for less', asked: { conditions: [], hoursAgo: 23 }, step: { is: 'wait', ms: 3_600_000 } },
  {
    why: 'for a client with another use',
    asked: { usages: ['client auth', 'server auth'] },
    step: { is: 'fail', why: 'invalid usage for client certificate: server auth' },
  },
  {
    why: 'for a client without its use',
    asked: { usages: ['key encipherment'] },
    step: { is: 'fail', why: 'missing required usage for client certificate: client auth' },
  },
  {
    why: 'for a node',
    asked: { signer: node, usages: ['client auth', 'digital signature'] },
    step: { is: 'sign' },
  },
  {
    why: 'for a node with names',
    asked: { signer: node, usages: ['client auth', 'digital signature'] },
    request: { dnsNames: ['n'] },
    step: { is: 'fail', why: 'DNS subjectAltNames are not allowed' },
  },
  {
    why: 'for a node of other uses',
    asked: { signer: node },
    step: { is: 'fail', why: 'usages did not match [client auth digital signature key encipherment]' },
  },
  {
    why: 'for no node',
    asked: { signer: kubelet, usages: serving },
    request: { organizations: ['devs'] },
    step: { is: 'fail', why: 'subject organization is not system:nodes' },
  },
  {
    why: 'for a kubelet',
    asked: { signer: kubelet, usages: serving },
    request: { dnsNames: ['n'] },
    step: { is: 'sign' },
  },
  {
    why: 'for a kubelet without a name',
    asked: { signer: kubelet, usages: serving },
    step: { is: 'fail', why: 'DNS or IP subjectAltName is required' },
  },
])('a request that is $why: $step.is', ({ asked, request, step }) => {
  expect(plan(requested(asked), () => ({ ...nobody, ...request }), now)).toEqual(step);
});
