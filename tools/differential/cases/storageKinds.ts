/** Kinds of storage drivers: what they say of themselves, of nodes and of volumes. */
import { absent, type Places, type Subject } from '../grammar.ts';

const group = '/apis/storage.k8s.io/v1';
const long = 'n'.repeat(257);

export const driver: Subject = {
  name: 'csidriver',
  collection: `${group}/csidrivers`,
  base: { metadata: { name: 'x' }, spec: {} },
};
export const driverPlaces: Places = {
  metadata: [{ name: 'A_' }, { name: 'x', labels: { a: 'b' } }],
  spec: [absent, { attachRequired: false, podInfoOnMount: true, storageCapacity: true }],
  'spec.fsGroupPolicy': ['File', 'None', 'Other', ''],
  'spec.volumeLifecycleModes': [[], ['Ephemeral'], ['Ephemeral', 'Persistent'], ['Other', '']],
  'spec.tokenRequests': [
    [],
    [{ audience: 'a' }],
    [{ audience: '' }, { audience: '' }],
    [
      { audience: 'a', expirationSeconds: 599 },
      { audience: 'b', expirationSeconds: 4294967297 },
    ],
    [{}],
  ],
  'spec.requiresRepublish': [true],
  'spec.seLinuxMount': [true],
  'spec.nodeAllocatableUpdatePeriodSeconds': [9, 10, 0],
  'spec.serviceAccountTokenInSecrets': [true, false],
  'spec.storageCapacity': ['yes', true],
};
export const driverUpdates = [
  { spec: { attachRequired: false } },
  { spec: { volumeLifecycleModes: ['Ephemeral'] } },
  { spec: { podInfoOnMount: true, storageCapacity: true } },
  { spec: { tokenRequests: [{ audience: 'a' }] } },
  { spec: { fsGroupPolicy: 'Other' } },
  { metadata: { labels: { a: 'b' } } },
];

const nodeDriver = { name: 'd.example', nodeID: 'n', topologyKeys: ['zone'], allocatable: { count: 2 } };
export const csiNode: Subject = {
  name: 'csinode',
  collection: `${group}/csinodes`,
  base: { metadata: { name: 'x' }, spec: { drivers: [nodeDriver] } },
};
export const csiNodePlaces: Places = {
  metadata: [{ name: 'A_' }],
  spec: [absent, {}, { drivers: null }, { drivers: [] }],
  'spec.drivers': [
    [nodeDriver, nodeDriver],
    [{ name: 'd', nodeID: 'n', topologyKeys: null }],
    [{}],
    [{ name: 'D_', nodeID: '' }],
  ],
  'spec.drivers.0.nodeID': [long, 'n'.repeat(256), ''],
  'spec.drivers.0.topologyKeys': [[''], ['a', 'a'], ['a b'], []],
  'spec.drivers.0.allocatable': [{}, { count: -1 }, { count: 0 }, absent],
};
export const csiNodePatches = [
  { spec: { drivers: [{ ...nodeDriver, nodeID: 'other' }] } },
  { spec: { drivers: [{ ...nodeDriver, allocatable: { count: 3 } }] } },
  { spec: { drivers: [{ ...nodeDriver, name: 'e' }] } },
  { spec: { drivers: [] } },
  { spec: { drivers: [nodeDriver, { name: 'e', nodeID: 'n', topologyKeys: [] }] } },
];

export const capacity: Subject = {
  name: 'csistoragecapacity',
  collection: `${group}/namespaces/default/csistoragecapacities`,
  base: { metadata: { name: 'x' }, storageClassName: 's', capacity: '1Gi' },
};
export const capacityPlaces: Places = {
  metadata: [{ name: 'A_' }, { generateName: 'x-' }],
  storageClassName: [absent, '', 'A_', 'a.b'],
  capacity: [absent, '-1', '0', 'x', '1500M'],
  maximumVolumeSize: ['1Gi', '-1'],
  nodeTopology: [
    {},
    { matchLabels: { 'a b': 'c' } },
    { matchLabels: { a: 'b' } },
    { matchExpressions: [{ key: 'a', operator: 'In' }] },
    { matchExpressions: [{ key: 'a', operator: 'Other', values: ['b'] }] },
    { matchLabels: { 'beta.kubernetes.io/arch': 'amd64' } },
  ],
};
export const capacityPatches = [
  { capacity: '2Gi' },
  { storageClassName: 't' },
  { nodeTopology: { matchLabels: { a: 'b' } } },
  { capacity: '-1', storageClassName: '' },
];

export const attachment: Subject = {
  name: 'volumeattachment',
  collection: `${group}/volumeattachments`,
  base: {
    metadata: { name: 'x' },
    spec: { attacher: 'd.example', nodeName: 'n', source: { persistentVolumeName: 'p' } },
  },
};
const csi = { driver: 'd', volumeHandle: 'h' };
export const attachmentPlaces: Places = {
  metadata: [{ name: 'A_' }],
  status: [{ attached: true }],
  spec: [absent, {}],
  'spec.attacher': [absent, '', 'A_', 'D.Example'],
  'spec.nodeName': [absent, '', 'A_'],
  'spec.source': [
    absent,
    {},
    { persistentVolumeName: '' },
    { persistentVolumeName: 'A_' },
    { persistentVolumeName: 'p', inlineVolumeSpec: { accessModes: ['ReadWriteOnce'], csi } },
    { inlineVolumeSpec: {} },
    { inlineVolumeSpec: { accessModes: ['ReadWriteOnce'], csi } },
    { inlineVolumeSpec: { accessModes: ['Some'], csi, capacity: { storage: '1Gi' } } },
    { inlineVolumeSpec: { accessModes: ['ReadWriteOnce'], hostPath: { path: '/a' } } },
    {
      inlineVolumeSpec: {
        accessModes: ['ReadWriteOnce'],
        csi,
        claimRef: { name: 'c' },
        persistentVolumeReclaimPolicy: 'Delete',
        nodeAffinity: {},
        storageClassName: 's',
        volumeMode: 'Block',
        volumeAttributesClassName: '',
      },
    },
  ],
};
export const attachmentPatches = [
  { spec: { nodeName: 'm' } },
  { spec: { source: { persistentVolumeName: 'q' } } },
  { metadata: { labels: { a: 'b' } } },
];
export const attachmentStatuses = [
  { status: { attached: true } },
  { status: { attached: true, attachmentMetadata: { a: 'b' } }, metadata: { labels: { a: 'b' } } },
  { status: { attachError: { message: 'm'.repeat(1025), time: '2026-01-01T00:00:00Z' } } },
  { status: { detachError: { message: 'm', errorCode: -1 } } },
  { status: { attachError: { errorCode: 8 } } },
  { spec: { nodeName: 'm' } },
];

export const attributesClass: Subject = {
  name: 'volumeattributesclass',
  collection: `${group}/volumeattributesclasses`,
  base: { metadata: { name: 'x' }, driverName: 'd.example', parameters: { a: 'b' } },
};
export const attributesClassPlaces: Places = {
  metadata: [{ name: 'A_' }],
  driverName: [absent, '', 'A_', 'a b'],
  parameters: [absent, {}, { '': 'b' }, { a: 'x'.repeat(262_144) }],
};
export const attributesClassUpdates: Places = {
  driverName: ['e', '', 'a b'],
  parameters: [{ a: 'c' }, {}, { a: 'b', c: 'd' }],
  'metadata.labels': [{ a: 'b' }],
};
