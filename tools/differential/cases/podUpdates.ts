/** Merge patches over a Pod, and over its status. */
const container = (change: object) => ({ spec: { containers: [{ name: 'c', image: 'nginx', ...change }] } });

export const podPatches = [
  container({ image: 'other' }),
  container({ image: '' }),
  container({ image: ' a' }),
  container({ name: 'd' }),
  container({ command: ['a'] }),
  container({ resources: { limits: { cpu: '1' } } }),
  {
    spec: {
      containers: [
        { name: 'c', image: 'nginx' },
        { name: 'd', image: 'nginx' },
      ],
    },
  },
  { spec: { containers: [] } },
  { spec: { initContainers: [{ name: 'i', image: 'i' }] } },
  { spec: { ephemeralContainers: [{ name: 'e', image: 'i' }] } },
  { spec: { activeDeadlineSeconds: 5 } },
  { spec: { activeDeadlineSeconds: -5 } },
  { spec: { activeDeadlineSeconds: 0 } },
  { spec: { tolerations: null } },
  { spec: { tolerations: [{ key: 'a', operator: 'Exists' }] } },
  { spec: { terminationGracePeriodSeconds: 5 } },
  { spec: { terminationGracePeriodSeconds: null } },
  { spec: { nodeName: 'n' } },
  { spec: { nodeSelector: { a: 'b' } } },
  { spec: { schedulingGates: [{ name: 'g/h' }] } },
  { spec: { hostNetwork: true } },
  { spec: { restartPolicy: 'Never' } },
  { spec: { volumes: null } },
  { spec: { serviceAccountName: 'other' } },
  { spec: { priority: 5 } },
  { spec: null },
  { metadata: { labels: { c: 'd' }, annotations: { e: 'f' } } },
  { metadata: { labels: { 'c d': 'd' } } },
  { metadata: { name: 'y' } },
  { status: { phase: 'Running' } },
];

const state = (change: object) => ({
  name: 'c',
  image: 'nginx',
  imageID: '',
  ready: false,
  restartCount: 0,
  ...change,
});

export const podStatuses = [
  {
    status: {
      phase: 'Running',
      podIP: '1.2.3.4',
      podIPs: [{ ip: '1.2.3.4' }],
      hostIP: '1.2.3.5',
      hostIPs: [{ ip: '1.2.3.5' }],
    },
  },
  { status: { podIP: 'x' } },
  { status: { podIP: '1.2.3.4', podIPs: [{ ip: '1.2.3.5' }] } },
  { status: { podIPs: [{ ip: 'x' }, { ip: '1.2.3.4' }] } },
  { status: { podIPs: [{ ip: '1.2.3.4' }, { ip: '1.2.3.5' }] } },
  { status: { podIPs: [{ ip: '1.2.3.4' }, { ip: '::1' }, { ip: '::2' }] } },
  { status: { hostIP: 'x' } },
  { status: { hostIPs: [{ ip: 'x' }] } },
  { status: { hostIP: '1.2.3.4', hostIPs: [{ ip: '1.2.3.5' }] } },
  { status: { nominatedNodeName: 'N_' } },
  { status: { nominatedNodeName: 'n' } },
  { status: { qosClass: 'Guaranteed' } },
  { status: { qosClass: null } },
  { status: { qosClass: 'Other' } },
  {
    status: {
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'a b', status: 'True' },
      ],
    },
  },
  { status: { conditions: [{ type: 'Ready', status: 'Perhaps' }] } },
  { status: { conditions: [{ type: 'Ready', status: 'True', observedGeneration: -1 }] } },
  { status: { phase: 'Other' } },
  { status: { observedGeneration: -1 } },
  { status: { observedGeneration: 1 } },
  { status: { containerStatuses: [state({ state: { running: { startedAt: '2020-01-01T00:00:00Z' } } })] } },
  { status: { containerStatuses: [state({ allocatedResources: { cpu: '1' } })] } },
  {
    status: {
      containerStatuses: [state({ user: { linux: { uid: -1, gid: -2, supplementalGroups: [-3] } } })],
    },
  },
  { status: { containerStatuses: [state({ allocatedResourcesStatus: [{ name: 'a', resources: [] }] })] } },
  { status: { initContainerStatuses: [state({ name: 'i', allocatedResourcesStatus: [{ name: 'a' }] })] } },
  { status: { resourceClaimStatuses: [{ name: 'r', resourceClaimName: 'c' }] } },
  { spec: { nodeName: 'n' }, status: {} },
  { metadata: { labels: { l: 'm' }, annotations: { n: 'o' } } },
  { metadata: { finalizers: ['a/b'] } },
  { status: null },
];
