import { requests } from '../../../src/shared/kinds/certificates.k8s.io/v1/certificatesigningrequest/testing.ts';
import { absent, type Places, type Subject } from '../grammar.ts';

export const signing: Subject = {
  name: 'signing request',
  collection: '/apis/certificates.k8s.io/v1/certificatesigningrequests',
  base: {
    metadata: { name: 'x' },
    spec: {
      request: requests.jane,
      signerName: 'kubernetes.io/kube-apiserver-client',
      usages: ['client auth'],
    },
  },
};

export const signingPlaces: Places = {
  spec: [absent, {}],
  'spec.request': [absent, '', 'eA==', '%', requests.master, requests.node, requests.kubelet],
  'spec.signerName': [
    absent,
    '',
    'kubernetes.io/legacy-unknown',
    'kubernetes.io/kubelet-serving',
    'example.com/signer',
    'example.com/a.b',
    'example.com',
    'example/signer',
    'a/b/c',
    '/x',
    'Example.com/x',
    'example.com/X_',
    'example..com/x',
  ],
  'spec.usages': [absent, [], ['any'], ['client auth', 'client auth'], ['other'], ['server auth', 's/mime']],
  'spec.expirationSeconds': [0, 599, 600, -1, null, 'x'],
  'spec.username': ['root'],
  'spec.groups': [['system:masters']],
  status: [{ certificate: 'eA==' }, { conditions: [{ type: 'Approved', status: 'True' }] }],
};

const condition = (type: string, status = 'True') => ({ type, status, reason: 'R', message: 'm' });
const conditions = (...all: object[]) => ({ status: { conditions: all } });

export const signingPatches: object[] = [
  {},
  conditions(),
  conditions(condition('Approved')),
  conditions(condition('Denied')),
  conditions(condition('Failed')),
  conditions(condition('Other')),
  conditions(condition('Approved'), condition('Denied')),
  conditions(condition('Approved'), condition('Approved')),
  conditions(condition('Approved', 'False')),
  conditions(condition('Other', 'Maybe')),
  conditions({ status: 'True' }),
  conditions({ type: 'Other' }),
  { spec: { signerName: 'a.b/c' } },
  { metadata: { labels: { a: 'b' } } },
];
