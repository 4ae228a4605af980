import { absent, type Places, type Subject } from '../grammar.ts';

const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' };
const target = { type: 'Utilization', averageUtilization: 50 };

export const autoscaler: Subject = {
  name: 'autoscaler',
  collection: '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
  base: { metadata: { name: 'x' }, spec: { scaleTargetRef, maxReplicas: 5 } },
};
export const olderAutoscaler: Subject = {
  name: 'v1 autoscaler',
  collection: '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers',
  base: { metadata: { name: 'x' }, spec: { scaleTargetRef, maxReplicas: 5 } },
};

const references = [
  absent,
  {},
  { kind: 'Deployment', name: 'd' },
  { kind: 'ReplicationController', name: 'd' },
  { kind: 'ReplicationController', name: 'd', apiVersion: 'v1' },
  { ...scaleTargetRef, apiVersion: 'a/b/c' },
  { ...scaleTargetRef, kind: '' },
  { ...scaleTargetRef, name: 'a/b' },
  { ...scaleTargetRef, kind: '..' },
];
const common: Places = {
  'metadata.name': ['X', 'a.b', ''],
  spec: [absent, null, {}],
  'spec.minReplicas': [0, -1, 3, 6, null],
  'spec.maxReplicas': [0, -1, absent, 'x'],
  'spec.scaleTargetRef': references,
  status: [{ currentReplicas: 3 }],
};

const resource = (more: object) => [{ type: 'Resource', resource: { name: 'cpu', target, ...more } }];
const metric = { name: 'm', selector: { matchLabels: { a: 'b' } } };
const object = (more: object) => [
  {
    type: 'Object',
    object: {
      describedObject: { kind: 'Service', name: 's', apiVersion: 'v1' },
      metric,
      target: { type: 'Value', value: '10' },
      ...more,
    },
  },
];
const external = (more: object) => [
  { type: 'External', external: { metric, target: { type: 'Value', value: '10' }, ...more } },
];
const pods = (more: object) => [
  { type: 'Pods', pods: { metric, target: { type: 'AverageValue', averageValue: '100m' }, ...more } },
];
const container = (more: object) => [
  { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'c', target, ...more } },
];

export const metricLists = [
  [],
  resource({}),
  resource({ name: '' }),
  resource({ name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } }),
  resource({ target: { type: 'Utilization' } }),
  resource({ target: { type: 'Utilization', averageUtilization: 0 } }),
  resource({ target: { type: 'Other', averageUtilization: 5 } }),
  resource({ target: { averageUtilization: 5, averageValue: '1' } }),
  resource({ target: {} }),
  container({}),
  container({ container: '' }),
  container({ container: 'C_' }),
  container({ name: '' }),
  container({ name: 'a b' }),
  object({}),
  object({ describedObject: {} }),
  object({ describedObject: { kind: 'Service', name: 's' } }),
  object({ target: { type: 'Value' } }),
  object({ target: { type: 'AverageValue', averageValue: '5' } }),
  object({ target: { type: 'Value', value: '-1' } }),
  object({ metric: {} }),
  object({ metric: { name: 'a/b' } }),
  external({}),
  external({ target: { type: 'AverageValue', averageValue: '5' } }),
  external({ target: { type: 'Value', value: '5', averageValue: '5' } }),
  external({ target: { type: 'Value' } }),
  pods({}),
  pods({ target: { type: 'AverageValue' } }),
  pods({ target: { type: 'AverageValue', averageValue: '0' } }),
  [{}],
  [{ type: 'Other' }],
  [{ type: 'Resource' }],
  [{ type: 'Pods', resource: { name: 'cpu', target } }],
  [...resource({}), ...object({}), ...pods({}), ...external({}), ...container({})],
];

const policy = { type: 'Pods', value: 1, periodSeconds: 60 };
export const autoscalerPlaces: Places = {
  ...common,
  'spec.metrics': metricLists,
  'spec.behavior': [
    {},
    { scaleUp: {} },
    { scaleDown: { stabilizationWindowSeconds: 60 } },
    { scaleDown: { stabilizationWindowSeconds: -1 } },
    { scaleDown: { stabilizationWindowSeconds: 3601 } },
    { scaleUp: { selectPolicy: 'Other' } },
    { scaleUp: { selectPolicy: 'Disabled' } },
    { scaleUp: { policies: [] } },
    { scaleUp: { policies: [policy] } },
    { scaleUp: { policies: [{ ...policy, type: 'Other' }] } },
    { scaleUp: { policies: [{ ...policy, value: 0 }] } },
    { scaleUp: { policies: [{ ...policy, periodSeconds: 0 }] } },
    { scaleUp: { policies: [{ ...policy, periodSeconds: 1801 }] } },
    { scaleUp: { tolerance: '0.05' } },
    { scaleUp: { tolerance: '-1' } },
  ],
};
export const olderPlaces: Places = {
  ...common,
  'spec.targetCPUUtilizationPercentage': [50, 0, -1],
  'metadata.annotations': [
    { 'autoscaling.alpha.kubernetes.io/metrics': 'x' },
    {
      'autoscaling.alpha.kubernetes.io/metrics':
        '[{"type":"Resource","resource":{"name":"memory","targetAverageValue":"1Gi"}}]',
      own: 'a',
    },
    {
      'autoscaling.alpha.kubernetes.io/behavior':
        '{"ScaleUp":{"StabilizationWindowSeconds":5,"SelectPolicy":null,"Policies":[{"Type":"Pods","Value":1,"PeriodSeconds":60}],"Tolerance":null},"ScaleDown":null}',
    },
  ],
};
export const autoscalerPatches = [
  { spec: { minReplicas: 2 } },
  { spec: { maxReplicas: 0 } },
  { spec: { scaleTargetRef: { apiVersion: '' } } },
  { spec: { scaleTargetRef: { apiVersion: 'v1' } } },
  { metadata: { labels: { a: 'b' } } },
];
export const autoscalerStatuses = [
  { status: { currentReplicas: 3, desiredReplicas: 4 } },
  { status: { currentReplicas: -1, desiredReplicas: -1 } },
];
/** Objects written in one version and read in the other. */
export const otherVersion = [0, 1, 3, 9, 14, 18, 22, 23, 26, metricLists.length - 1].map((i) => ({
  ...(autoscaler.base.spec as object),
  metrics: metricLists[i],
  behavior: { scaleDown: { tolerance: '0.1' } },
}));
