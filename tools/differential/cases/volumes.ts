/** Volumes of every type, and mounts of them. */
import type { Places } from '../grammar.ts';

const volume = (source: object) => [{ name: 'v', ...source }];
const all = (type: string, sources: object[]) => sources.map((source) => volume({ [type]: source }));

const items = [
  [{ key: 'k', path: 'p' }],
  [{ key: '', path: '' }],
  [{ key: 'k', path: '/abs' }],
  [{ key: 'k', path: '../up' }],
  [{ key: 'k', path: '..a', mode: 512 }],
  [{ key: 'k', path: 'a/../b', mode: -1 }],
];

export const volumePlaces: Places = {
  'spec.volumes': [
    [{}],
    [{ name: '' }],
    [{ name: 'V_' }],
    [{ name: 'v' }, { name: 'v' }],
    volume({ emptyDir: {}, hostPath: { path: '/a' } }),
    ...all('emptyDir', [
      {},
      { medium: 'Memory' },
      { medium: 'Disk' },
      { sizeLimit: '-1' },
      { sizeLimit: '1Gi' },
      { medium: 'HugePages-2Mi' },
    ]),
    ...all('hostPath', [
      {},
      { path: '/a' },
      { path: '/a/../b', type: 'Maybe' },
      { path: '/a', type: 'Directory' },
    ]),
    ...all('gcePersistentDisk', [
      {},
      { pdName: 'a', partition: 256 },
      { pdName: 'a', partition: -1 },
      { pdName: 'a' },
    ]),
    ...all('awsElasticBlockStore', [{}, { volumeID: 'a', partition: 256 }, { volumeID: 'a' }]),
    ...all('gitRepo', [{}, { repository: 'r', directory: '/a' }, { repository: 'r', directory: '..a/../b' }]),
    ...all('secret', [
      {},
      { secretName: 's', defaultMode: 512 },
      ...items.map((i) => ({ secretName: 's', items: i })),
    ]),
    ...all('configMap', [
      {},
      { name: 'c', defaultMode: -1 },
      ...items.slice(3).map((i) => ({ name: 'c', items: i })),
    ]),
    ...all('nfs', [{}, { server: 's', path: 'p' }, { server: 's', path: '/p' }]),
    ...all('iscsi', [
      {},
      { targetPortal: 't', iqn: 'x', lun: 0 },
      {
        targetPortal: 't',
        iqn: 'iqn.2001-04.com.example:storage.kube.sys1.xyz',
        lun: 256,
        initiatorName: 'bad',
      },
      { targetPortal: 't', iqn: 'eui.1', lun: -1, chapAuthSession: true },
      {
        targetPortal: 't',
        iqn: 'naa.62004567BA64678D0123456789ABCDEF',
        lun: 0,
        chapAuthDiscovery: true,
        secretRef: {},
      },
      { targetPortal: 't', iqn: 'iqn.2001-04.com.example', lun: 0 },
    ]),
    ...all('glusterfs', [{}, { endpoints: 'e', path: 'p' }]),
    ...all('persistentVolumeClaim', [{}, { claimName: 'c' }, { claimName: 'C_' }]),
    ...all('rbd', [{}, { monitors: ['m'], image: 'i' }]),
    ...all('flexVolume', [{}, { driver: 'a/b' }, { driver: 'a/b', options: { 'kubernetes.io/x': 'y' } }]),
    ...all('cinder', [{}, { volumeID: 'v', secretRef: {} }]),
    ...all('cephfs', [{}, { monitors: ['m'] }]),
    ...all('flocker', [
      {},
      { datasetName: 'a', datasetUUID: 'b' },
      { datasetName: 'a/b' },
      { datasetUUID: 'u' },
    ]),
    ...all('downwardAPI', [
      {},
      { defaultMode: 512 },
      { items: [{}] },
      { items: [{ path: 'a', fieldRef: { fieldPath: 'metadata.labels' } }] },
      { items: [{ path: 'a', fieldRef: { fieldPath: 'status.podIP' } }] },
      {
        items: [
          {
            path: '/a',
            fieldRef: { fieldPath: 'metadata.labels' },
            resourceFieldRef: { resource: 'limits.cpu' },
          },
        ],
      },
      { items: [{ path: 'a', resourceFieldRef: { resource: 'limits.cpu' }, mode: 512 }] },
      {
        items: [
          { path: 'a', resourceFieldRef: { containerName: 'c', resource: 'limits.cpu', divisor: '7' } },
        ],
      },
    ]),
    ...all('fc', [
      {},
      { targetWWNs: ['a'], wwids: ['b'] },
      { targetWWNs: ['a'] },
      { targetWWNs: ['a'], lun: 300 },
      { wwids: ['b'] },
    ]),
    ...all('azureFile', [{}, { secretName: 's', shareName: 'n' }]),
    ...all('vsphereVolume', [{}, { volumePath: 'p' }]),
    ...all('quobyte', [
      {},
      { registry: 'r', volume: 'v' },
      { registry: 'r:1,b', volume: 'v', tenant: 'x'.repeat(65) },
    ]),
    ...all('azureDisk', [
      {},
      { diskName: 'd', diskURI: 'u' },
      { diskName: 'd', diskURI: 'https://u', cachingMode: 'X', kind: 'Y' },
      { diskName: 'd', diskURI: '/subscriptions/a', kind: 'Managed' },
      { diskName: 'd', diskURI: 'https://a', kind: 'Managed' },
    ]),
    ...all('photonPersistentDisk', [{}, { pdID: 'p' }]),
    ...all('portworxVolume', [{}, { volumeID: 'p' }]),
    ...all('scaleIO', [{}, { gateway: 'g', system: 's', volumeName: 'v', secretRef: { name: 's' } }]),
    ...all('storageos', [
      {},
      { volumeName: 'V_', volumeNamespace: 'N_', secretRef: {} },
      { volumeName: 'v' },
    ]),
    ...all('csi', [
      {},
      { driver: 'D_' },
      { driver: 'd', nodePublishSecretRef: {} },
      { driver: 'd' },
      { driver: 'a'.repeat(64) },
    ]),
    ...all('ephemeral', [
      {},
      { volumeClaimTemplate: { spec: {} } },
      {
        volumeClaimTemplate: {
          metadata: { labels: { 'a b': 'c' }, name: 'n' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      },
      {
        volumeClaimTemplate: {
          spec: {
            accessModes: ['Maybe', 'ReadWriteOncePod', 'ReadWriteOnce'],
            resources: { requests: { storage: '-1' } },
            storageClassName: 'B_',
            volumeMode: 'Some',
          },
        },
      },
      {
        volumeClaimTemplate: {
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      },
      {
        volumeClaimTemplate: {
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '1Gi' } },
            dataSource: { kind: 'X', name: '' },
            selector: { matchExpressions: [{ key: 'a', operator: 'X' }] },
          },
        },
      },
    ]),
    ...all('image', [
      {},
      { reference: 'r' },
      { reference: 'r', pullPolicy: 'X' },
      { reference: 'r', pullPolicy: 'Never' },
    ]),
    ...all('projected', [
      {},
      { sources: null },
      { sources: [{}] },
      { sources: [{ secret: { name: 'a' }, configMap: { name: 'b' } }] },
      { sources: [{ secret: {} }, { configMap: { items: [{ key: '', path: '/a' }] } }] },
      {
        sources: [
          { secret: { name: 'a', items: [{ key: 'k', path: 'p' }] } },
          { configMap: { name: 'b', items: [{ key: 'k', path: 'p' }] } },
        ],
      },
      { sources: [{ serviceAccountToken: { path: '', expirationSeconds: 1 } }], defaultMode: 512 },
      { sources: [{ serviceAccountToken: { path: '../a', expirationSeconds: 5000000000 } }] },
      { sources: [{ serviceAccountToken: { path: 'p' } }, { serviceAccountToken: { path: 'p' } }] },
      { sources: [{ downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'spec.nodeName' } }] } }] },
      {
        sources: [
          {
            downwardAPI: {
              items: [
                { path: 'a', fieldRef: { fieldPath: 'metadata.name' } },
                { path: 'a', fieldRef: { fieldPath: 'metadata.uid' } },
              ],
            },
          },
        ],
      },
      { sources: [{ clusterTrustBundle: {} }] },
      { sources: [{ clusterTrustBundle: { name: 'a', signerName: 'b/c', path: 'p' } }] },
      { sources: [{ clusterTrustBundle: { name: 'a', labelSelector: {}, path: '/p' } }] },
    ]),
    [
      {
        name: 'v',
        ephemeral: {
          volumeClaimTemplate: {
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        },
      },
      { name: 'w', persistentVolumeClaim: { claimName: 'x-v' } },
    ],
  ],
};

/** Put into a Pod that has a volume `v` and a claim `b`. */
export const mountPlaces: Places = {
  'spec.containers.0.volumeMounts': [
    [
      { name: 'v', mountPath: '/a' },
      { name: 'v', mountPath: '/a' },
    ],
    [{ name: 'v', mountPath: 'rel:ative' }],
    [{ name: 'v', mountPath: '/a', subPath: '/abs' }],
    [{ name: 'v', mountPath: '/a', subPath: '../up', subPathExpr: '$(A)/..' }],
    [{ name: 'v', mountPath: '/a', mountPropagation: 'Bidirectional' }],
    [{ name: 'v', mountPath: '/a', mountPropagation: 'Sideways' }],
    [{ name: 'v', mountPath: '/a', mountPropagation: 'HostToContainer' }],
    [{ name: 'v', mountPath: '/a', recursiveReadOnly: 'Enabled' }],
    [{ name: 'v', mountPath: '/a', recursiveReadOnly: 'Sometimes', readOnly: true }],
    [
      {
        name: 'v',
        mountPath: '/a',
        recursiveReadOnly: 'IfPossible',
        readOnly: true,
        mountPropagation: 'HostToContainer',
      },
    ],
    [{ name: 'z', mountPath: '/a' }],
    [{ name: 'b', mountPath: '/a' }],
  ],
  'spec.containers.0.volumeDevices': [
    [{ name: 'v', devicePath: '/dev/a' }],
    [
      { name: 'b', devicePath: '/dev/a' },
      { name: 'b', devicePath: '/dev/a' },
    ],
    [{ name: 'b', devicePath: '' }],
    [{ name: 'z', devicePath: '/dev/../a' }],
  ],
};
