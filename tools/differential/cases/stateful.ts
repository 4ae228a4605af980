import { absent, type Places, type Subject } from '../grammar.ts';
import { workloadPlaces, workloadUpdates } from './workloads.ts';

const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
const selector = { matchLabels: { a: 'b' } };
const claim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

export const statefulSet: Subject = {
  name: 'statefulset',
  collection: '/apis/apps/v1/namespaces/default/statefulsets',
  base: {
    metadata: { name: 'x' },
    spec: { serviceName: 's', selector, template, volumeClaimTemplates: [claim] },
  },
};
export const daemonSet: Subject = {
  name: 'daemonset',
  collection: '/apis/apps/v1/namespaces/default/daemonsets',
  base: { metadata: { name: 'x' }, spec: { selector, template } },
};

const { 'spec.replicas': _, ...common } = workloadPlaces;

export const statefulPlaces: Places = {
  ...workloadPlaces,
  'spec.serviceName': ['', absent, 'A_', 'a.b'],
  'spec.podManagementPolicy': ['Parallel', 'OrderedReady', 'Other', ''],
  'spec.updateStrategy': [
    {},
    { type: 'OnDelete' },
    { type: 'OnDelete', rollingUpdate: {} },
    { type: 'OnDelete', rollingUpdate: { partition: 1 } },
    { type: 'RollingUpdate' },
    { rollingUpdate: {} },
    { rollingUpdate: { partition: 2 } },
    { type: 'RollingUpdate', rollingUpdate: { partition: -1 } },
    { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2 } },
    { type: 'Other' },
    { type: 'Other', rollingUpdate: { partition: 1 } },
  ],
  'spec.persistentVolumeClaimRetentionPolicy': [
    {},
    { whenDeleted: 'Delete' },
    { whenScaled: 'Delete', whenDeleted: 'Retain' },
    { whenScaled: 'Other', whenDeleted: 'Other' },
    { whenScaled: '' },
  ],
  'spec.ordinals': [{}, { start: 3 }, { start: -1 }, null],
  'spec.revisionHistoryLimit': [0, -1, null],
  'spec.volumeClaimTemplates': [
    absent,
    [],
    [{ ...claim, spec: {} }],
    [{ ...claim, metadata: {} }],
    [{ ...claim, spec: { ...claim.spec, accessModes: ['Some'] } }],
    [{ ...claim, spec: { ...claim.spec, volumeMode: 'Block' } }],
    [{ ...claim, apiVersion: 'x/v1', kind: 'Other' }],
    [claim, { ...claim, metadata: { name: 'more', labels: { l: 'm' } } }],
  ],
  'spec.template.spec.containers.0.volumeMounts': [
    [{ name: 'data', mountPath: '/d' }],
    [{ name: 'other', mountPath: '/d' }],
  ],
  'spec.template.spec.hostname': ['h'],
  'spec.template.spec.subdomain': ['A_'],
};
export const statefulUpdates: Places = {
  ...workloadUpdates,
  'spec.serviceName': ['t'],
  'spec.podManagementPolicy': ['Parallel'],
  'spec.updateStrategy': [{ type: 'OnDelete' }, { rollingUpdate: { partition: 1 } }],
  'spec.ordinals': [{ start: 2 }],
  'spec.minReadySeconds': [3],
  'spec.volumeClaimTemplates': [[], [claim, claim]],
  'spec.persistentVolumeClaimRetentionPolicy': [{ whenDeleted: 'Delete' }],
};
export const statefulStatuses = [
  { status: { replicas: 2, readyReplicas: 1, availableReplicas: 1, collisionCount: 1 } },
  { status: { replicas: 1, readyReplicas: 2, currentReplicas: 2, updatedReplicas: 2, availableReplicas: 3 } },
  { status: { replicas: -1, collisionCount: -1, observedGeneration: -1 } },
  { status: { replicas: 2, availableReplicas: 1 } },
];

export const daemonPlaces: Places = {
  ...common,
  'spec.updateStrategy': [
    {},
    { type: 'OnDelete' },
    { type: 'OnDelete', rollingUpdate: { maxSurge: 1 } },
    { type: 'Other' },
    { type: 'Other', rollingUpdate: { maxSurge: 1 } },
    { rollingUpdate: {} },
    { rollingUpdate: { maxUnavailable: 0 } },
    { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } },
    { rollingUpdate: { maxUnavailable: '0%', maxSurge: '10%' } },
    { rollingUpdate: { maxUnavailable: '101%' } },
    { rollingUpdate: { maxUnavailable: 'x' } },
    { rollingUpdate: { maxUnavailable: -1 } },
    { rollingUpdate: null },
  ],
  'spec.revisionHistoryLimit': [0, -1, null],
  'spec.replicas': [3],
  'spec.template.spec.nodeSelector': [{ disk: 'ssd' }],
  'metadata.annotations': [{ 'deprecated.daemonset.template.generation': '7' }],
};
export const daemonStatuses = [
  { status: { currentNumberScheduled: 1, desiredNumberScheduled: 2, numberReady: 1 } },
  {
    status: {
      currentNumberScheduled: -1,
      numberMisscheduled: -1,
      desiredNumberScheduled: -1,
      numberReady: -1,
      collisionCount: -1,
    },
  },
  { status: { collisionCount: 1 } },
];
