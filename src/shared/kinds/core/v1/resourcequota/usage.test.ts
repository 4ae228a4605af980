import { expect, test } from '@jest/globals';
import type { AnyObject } from '../../../../meta/object.ts';
import type { ResourceQuotaSpec } from '../../../schema/types.ts';
import { isInScopes, usageOf } from './usage.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const object = (of: object) => ({ metadata: { name: 'o' }, ...of }) as AnyObject;
const container = (requests: object, limits: object = {}, more: object = {}) => ({
  name: 'c',
  resources: { requests, limits },
  ...more,
});
const sidecar = { restartPolicy: 'Always' };

test.each<[string, object, object]>([
  [
    'pods',
    {
      spec: {
        containers: [container({ cpu: '1', memory: '1Gi' }, { cpu: '2' }), container({ cpu: '500m' })],
        initContainers: [container({ cpu: '250m' }, {}, sidecar), container({ cpu: '3' })],
        overhead: { cpu: '100m' },
      },
    },
    {
      'count/pods': '1',
      pods: '1',
      cpu: '3350m',
      'requests.cpu': '3350m',
      'limits.cpu': '2100m',
      memory: '1Gi',
      'requests.memory': '1Gi',
    },
  ],
  [
    'pods',
    { spec: { containers: [container({ 'example.com/gpu': '2', 'hugepages-2Mi': '4Mi' })] } },
    {
      'count/pods': '1',
      pods: '1',
      'requests.example.com/gpu': '2',
      'hugepages-2Mi': '4Mi',
      'requests.hugepages-2Mi': '4Mi',
    },
  ],
  [
    'pods',
    { spec: { containers: [container({ cpu: '1' })] }, status: { phase: 'Failed' } },
    { 'count/pods': '1' },
  ],
  [
    'pods',
    {
      metadata: { deletionTimestamp: '2025-12-31T23:59:00Z', deletionGracePeriodSeconds: 30 },
      spec: { containers: [] },
    },
    { 'count/pods': '1' },
  ],
  [
    'resourceclaims.resource.k8s.io',
    {
      spec: {
        devices: {
          requests: [
            { name: 'a', exactly: { deviceClassName: 'gold', allocationMode: 'ExactCount', count: 2 } },
            { name: 'b', exactly: { deviceClassName: 'gold', allocationMode: 'ExactCount', count: 1 } },
            {
              name: 'c',
              firstAvailable: [
                { name: 'x', deviceClassName: 'gold', allocationMode: 'ExactCount', count: 4 },
                { name: 'y', deviceClassName: 'gold', allocationMode: 'ExactCount', count: 3 },
                { name: 'z', deviceClassName: 'tin', allocationMode: 'All' },
              ],
            },
          ],
        },
      },
    },
    {
      'count/resourceclaims.resource.k8s.io': '1',
      'gold.deviceclass.resource.k8s.io/devices': '7',
      'tin.deviceclass.resource.k8s.io/devices': '32',
    },
  ],
  [
    'services',
    { spec: { type: 'LoadBalancer', ports: [{ port: 1 }, { port: 2 }] } },
    { 'count/services': '1', services: '1', 'services.loadbalancers': '1', 'services.nodeports': '2' },
  ],
  [
    'services',
    {
      spec: {
        type: 'LoadBalancer',
        allocateLoadBalancerNodePorts: false,
        ports: [{ port: 1 }, { port: 2, nodePort: 30000 }],
      },
    },
    { 'count/services': '1', services: '1', 'services.loadbalancers': '1', 'services.nodeports': '1' },
  ],
  [
    'persistentvolumeclaims',
    {
      spec: { storageClassName: 'gold', resources: { requests: { storage: '1Gi' } } },
      status: { allocatedResources: { storage: '2Gi' } },
    },
    {
      'count/persistentvolumeclaims': '1',
      persistentvolumeclaims: '1',
      'requests.storage': '2Gi',
      'gold.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
      'gold.storageclass.storage.k8s.io/requests.storage': '2Gi',
    },
  ],
  ['secrets', {}, { 'count/secrets': '1', secrets: '1' }],
  ['deployments.apps', {}, { 'count/deployments.apps': '1' }],
])('%s: %j', (resource, of, used) => {
  const usage = usageOf(resource).of(object(of), now);
  expect(usage).toEqual(used);
  for (const name of Object.keys(usage)) expect(usageOf(resource).counts(name)).toBe(true);
});

const affinity = {
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 1, podAffinityTerm: { topologyKey: 'z', namespaces: ['other'] } },
    ],
  },
};
const among = (operator: 'In' | 'NotIn', ...values: string[]): ResourceQuotaSpec => ({
  scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator, values }] },
});

test.each<[ResourceQuotaSpec, object, boolean]>([
  [{}, {}, true],
  [{ scopes: ['Terminating'] }, { activeDeadlineSeconds: 0 }, true],
  [{ scopes: ['NotTerminating'] }, { activeDeadlineSeconds: 9 }, false],
  [{ scopes: ['BestEffort', 'NotTerminating'] }, {}, true],
  [{ scopes: ['NotBestEffort'] }, {}, false],
  [{ scopes: ['NotBestEffort'] }, { containers: [container({ cpu: '1' })] }, true],
  [{ scopes: ['PriorityClass'] }, {}, false],
  [{ scopes: ['PriorityClass'] }, { priorityClassName: 'high' }, true],
  [among('In', 'low', 'high'), { priorityClassName: 'high' }, true],
  [among('NotIn', 'high'), { priorityClassName: 'high' }, false],
  [among('NotIn', 'high'), {}, true],
  [{ scopes: ['CrossNamespacePodAffinity'] }, {}, false],
  [{ scopes: ['CrossNamespacePodAffinity'] }, { affinity }, true],
])('scope %j of a Pod with %j: %s', (spec, pod, expected) => {
  const whole = object({ spec: { containers: [{ name: 'c' }], ...pod } });
  expect(isInScopes(spec, usageOf('pods'), whole)).toBe(expected);
});

test('what is no Pod is in no scope', () => {
  expect(isInScopes({ scopes: ['NotTerminating'] }, usageOf('secrets'), object({}))).toBe(false);
});
