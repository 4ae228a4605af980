/** Who serves a version of a group. */
import { absent, type Places, type Subject } from '../grammar.ts';

export const remote: Subject = {
  name: 'apiservice',
  collection: '/apis/apiregistration.k8s.io/v1/apiservices',
  base: {
    metadata: { name: 'v1.far.example' },
    spec: {
      group: 'far.example',
      version: 'v1',
      groupPriorityMinimum: 1000,
      versionPriority: 15,
      insecureSkipTLSVerify: true,
      service: { namespace: 'default', name: 'nobody' },
    },
  },
};
export const local: Subject = {
  name: 'local apiservice',
  collection: remote.collection,
  base: {
    metadata: { name: 'v1.near.example' },
    spec: { group: 'near.example', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 15 },
  },
};
export const remotePlaces: Places = {
  metadata: [{ name: 'x' }, { name: 'a/b' }, { name: 'v1.A_' }],
  spec: [absent, {}],
  'spec.group': [absent, 'A_', ''],
  'spec.version': ['', '1', absent],
  'spec.groupPriorityMinimum': [0, 20_000, 20_001, -1, absent],
  'spec.versionPriority': [0, 1000, 1001, absent],
  'spec.service': [{}, { namespace: 'a', name: 'b', port: 0 }, { namespace: 'a', name: 'b', port: 8443 }],
  'spec.caBundle': ['YQ=='],
};
export const localPlaces: Places = {
  'spec.caBundle': ['YQ=='],
  'spec.insecureSkipTLSVerify': [true, false],
  status: [{ conditions: [{ type: 'Available', status: 'False' }] }],
};
export const patchesOfLocal = [
  { metadata: { labels: { a: 'b' } } },
  { spec: { groupPriorityMinimum: 5 } },
  { spec: { version: 'v2' } },
];
export const statuses = [
  { status: { conditions: [{ type: 'Other', status: 'Maybe' }] } },
  { metadata: { labels: { a: 'b' } } },
];
