import { absent, type Places, type Subject } from '../grammar.ts';

const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
const spec = { selector: { matchLabels: { a: 'b' } }, template };

export const deployment: Subject = {
  name: 'deployment',
  collection: '/apis/apps/v1/namespaces/default/deployments',
  base: { metadata: { name: 'x' }, spec },
};
export const replicaSet: Subject = {
  name: 'replicaset',
  collection: '/apis/apps/v1/namespaces/default/replicasets',
  base: { metadata: { name: 'x' }, spec },
};

const selectors = [
  absent,
  {},
  null,
  { matchLabels: {} },
  { matchLabels: { a: 'c' } },
  { matchLabels: { 'a b': 'c' } },
  { matchLabels: { a: 'b c' } },
  { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] },
  { matchExpressions: [{ key: 'a', operator: 'In' }] },
  { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] },
  { matchExpressions: [{ key: 'a', operator: 'Near' }] },
  { matchExpressions: [{ key: '', operator: '' }] },
  { matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] },
  { matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b c'] }] },
];

/** What both have. */
export const workloadPlaces: Places = {
  'metadata.name': ['X', 'a.b', 'a'.repeat(254), ''],
  spec: [absent, null, {}],
  'spec.replicas': [0, -1, null, 2147483648, '3', 1.5],
  'spec.minReadySeconds': [-1, 5],
  'spec.selector': selectors,
  'spec.template': [absent, {}, { metadata: {} }],
  'spec.template.metadata': [
    absent,
    {},
    { labels: { 'a b': 'c' } },
    { labels: { a: 'b', 'c d': 'e' } },
    { labels: { a: 'b' }, annotations: { 'c d': 'e' } },
    { labels: { a: 'b' }, name: 'X_', finalizers: ['q'] },
  ],
  'spec.template.spec': [absent, {}, { containers: [] }],
  'spec.template.spec.restartPolicy': ['Never', 'OnFailure', 'Maybe', ''],
  'spec.template.spec.activeDeadlineSeconds': [1],
  'spec.template.spec.terminationGracePeriodSeconds': [-1, 0],
  'spec.template.spec.hostNetwork': [true],
  'spec.template.spec.ephemeralContainers': [[{ name: 'e', image: 'i' }]],
  'spec.template.spec.schedulingGates': [[{ name: 'a' }]],
  'spec.template.spec.nodeName': ['n'],
  'spec.template.spec.containers.0.image': [' x ', ''],
  'spec.template.spec.containers.0.ports': [[{ containerPort: 80, hostPort: 81 }], [{ containerPort: 0 }]],
  'spec.template.spec.containers.0.resources': [
    { limits: { cpu: '1' } },
    { requests: { cpu: '2' }, limits: { cpu: '1' } },
  ],
  'spec.template.spec.containers.0.imagePullPolicy': ['Maybe'],
  'spec.template.spec.containers.0.livenessProbe': [{ httpGet: { port: 0 } }],
  'spec.template.spec.volumes': [[{ name: 'v' }], [{ name: 'v', secret: {} }]],
  'spec.template.spec.serviceAccountName': ['any'],
  'spec.template.spec.priorityClassName': ['any'],
  'spec.template.spec.affinity': [
    { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: '' }] } },
  ],
  'spec.template.spec.topologySpreadConstraints': [
    [
      {
        maxSkew: 1,
        topologyKey: 'k',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { a: 'b' } },
        matchLabelKeys: ['pod-template-hash'],
      },
    ],
  ],
  'spec.template.spec.tolerations': [[{ key: 'a', operator: 'Lt' }]],
  'spec.other': [1],
  status: [{ replicas: 5 }],
};

export const deploymentPlaces: Places = {
  'spec.strategy': [
    {},
    { type: 'Recreate' },
    { type: 'Recreate', rollingUpdate: {} },
    { type: 'Other' },
    { type: 'Other', rollingUpdate: { maxSurge: 1 } },
    { rollingUpdate: {} },
    { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
    { rollingUpdate: { maxSurge: '0%', maxUnavailable: 0 } },
    { rollingUpdate: { maxSurge: 'x', maxUnavailable: '101%' } },
    { rollingUpdate: { maxSurge: -1, maxUnavailable: -1 } },
    { rollingUpdate: { maxSurge: '200%', maxUnavailable: '50%' } },
    { rollingUpdate: { maxSurge: 1.5 } },
    { rollingUpdate: { maxSurge: '1' } },
    { rollingUpdate: null },
  ],
  'spec.revisionHistoryLimit': [0, -1, null],
  'spec.progressDeadlineSeconds': [0, -1, 5, null],
  'spec.paused': [true, 'true'],
};

export const workloadUpdates: Places = {
  'spec.selector': [
    { matchLabels: { a: 'c' } },
    { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'a', operator: 'Exists' }] },
    absent,
  ],
  'spec.replicas': [2, -2],
  'spec.template.metadata.labels': [{ a: 'z' }, { a: 'b', c: 'd' }],
  'spec.template.spec.containers.0.image': ['other', ''],
  'metadata.annotations': [{ a: 'b' }],
  'metadata.labels': [{ a: 'b' }],
  'metadata.uid': ['00000000-0000-0000-0000-000000000000'],
  'metadata.generation': [7],
  status: [{ replicas: 5 }],
};

export const workloadStatuses = [
  { status: { replicas: 1 } },
  { status: { replicas: -1 } },
  { status: { replicas: 1, readyReplicas: 2, availableReplicas: 3 } },
  { status: { replicas: 3, readyReplicas: 2, availableReplicas: 1, observedGeneration: 1 } },
  { status: { observedGeneration: -1 } },
  { spec: { replicas: 9 }, status: { replicas: 4 } },
  { metadata: { labels: { x: 'y' }, annotations: { x: 'y' } }, status: { replicas: 1 } },
  { status: { conditions: [{ type: 'A', status: 'Perhaps' }] } },
  { status: null },
];

export const deploymentStatuses = [
  { status: { replicas: 1, updatedReplicas: 2 } },
  { status: { unavailableReplicas: -1 } },
  { status: { collisionCount: -1 } },
  { status: { terminatingReplicas: 2 } },
];

export const scaleBodies = [
  { spec: { replicas: 3 } },
  { spec: { replicas: -1 } },
  { spec: { replicas: 'x' } },
  { spec: null },
  { metadata: { name: 'other' } },
  { metadata: { resourceVersion: '1' } },
  { metadata: { uid: '00000000-0000-0000-0000-000000000000' } },
  { spec: { other: 1 } },
];
