import { expect, test } from '@jest/globals';
import type { KubeObject } from '../kube/objects.ts';
import { anew } from './anew.ts';

const of = (apiVersion: string, kind: string, rest: object): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'it', uid: 'u', resourceVersion: '7', creationTimestamp: 't', labels: { a: 'b' } },
  ...rest,
});
const head = { name: 'it', labels: { a: 'b' } };

test.each<[string, KubeObject, object]>([
  [
    'a Deployment waits for its ReplicaSets',
    of('apps/v1', 'Deployment', { spec: { replicas: 1 }, status: { replicas: 1 } }),
    {
      object: { spec: { replicas: 1, paused: true } },
      release: { spec: { paused: null } },
      status: undefined,
    },
  ],
  [
    'a paused Deployment stays so',
    of('apps/v1', 'Deployment', { spec: { paused: true } }),
    { object: { spec: { paused: true } } },
  ],
  [
    'a Job does not run again, and finds its Pods anew',
    of('batch/v1', 'Job', {
      spec: {
        suspend: false,
        selector: { matchLabels: {} },
        template: { metadata: { labels: { 'job-name': 'it', x: 'y' } } },
      },
      status: { succeeded: 1 },
    }),
    {
      object: { spec: { suspend: true, template: { metadata: { labels: { x: 'y' } } } } },
      release: { spec: { suspend: false } },
      status: { succeeded: 1 },
    },
  ],
  [
    'a Service gets an address and ports of its own',
    of('v1', 'Service', {
      spec: { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: [{ port: 80, nodePort: 30000 }] },
    }),
    { object: { spec: { ports: [{ port: 80 }] } } },
  ],
  [
    'a headless Service stays so',
    of('v1', 'Service', { spec: { clusterIP: 'None' } }),
    { object: { spec: { clusterIP: 'None' } } },
  ],
  [
    'a Pod has no Node',
    of('v1', 'Pod', { spec: { nodeName: 'n', containers: [] } }),
    { object: { spec: { containers: [] } } },
  ],
  [
    'a token of an account is left to the cluster',
    of('v1', 'Secret', { type: 'kubernetes.io/service-account-token', data: { token: 't', own: 'o' } }),
    { object: { type: 'kubernetes.io/service-account-token', data: { own: 'o' } } },
  ],
])('%s', (_what, object, { object: wanted, ...rest }: { object?: object }) => {
  const { object: made, ...others } = anew(object);
  const { apiVersion, kind } = object;
  expect(made).toEqual({ apiVersion, kind, metadata: head, ...wanted });
  expect(others).toEqual({ status: undefined, ...rest });
});
