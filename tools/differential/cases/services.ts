import { absent, type Places, type Subject } from '../grammar.ts';

const collection = '/api/v1/namespaces/default/services';
const ports = [{ port: 80 }];

export const service: Subject = {
  name: 'service',
  collection,
  base: { metadata: { name: 'x' }, spec: { selector: { a: 'b' }, ports } },
};
export const balancer: Subject = {
  name: 'balancer',
  collection,
  base: { metadata: { name: 'x' }, spec: { type: 'LoadBalancer', selector: { a: 'b' }, ports } },
};
export const headless: Subject = {
  name: 'headless',
  collection,
  base: { metadata: { name: 'x' }, spec: { clusterIP: 'None', selector: { a: 'b' }, ports } },
};
export const external: Subject = {
  name: 'externalname',
  collection,
  base: { metadata: { name: 'x' }, spec: { type: 'ExternalName', externalName: 'a.example' } },
};

export const servicePlaces: Places = {
  'metadata.name': ['X', '1a', 'a.b', 'a'.repeat(64)],
  spec: [absent, {}, null],
  'spec.type': ['NodePort', 'LoadBalancer', 'ExternalName', 'Other', '', null],
  'spec.selector': [{ 'a b': 'c' }, { a: 'b c' }, {}, null, absent],
  'spec.ports': [
    absent,
    [],
    [{}],
    [{ port: 0 }],
    [{ port: 65536 }],
    [{ port: 80, protocol: 'HTTP' }],
    [{ port: 80, protocol: 'UDP' }],
    [{ port: 80, name: 'A_' }],
    [
      { port: 80, name: 'a' },
      { port: 81, name: 'a' },
    ],
    [{ port: 80 }, { port: 81 }],
    [
      { port: 80, name: 'a' },
      { port: 80, name: 'b' },
    ],
    [
      { port: 80, name: 'a' },
      { port: 80, name: 'b', protocol: 'UDP' },
    ],
    [{ port: 80, targetPort: 'http' }],
    [{ port: 80, targetPort: 'HTTP_' }],
    [{ port: 80, targetPort: 0 }],
    [{ port: 80, targetPort: 70000 }],
    [{ port: 80, targetPort: '' }],
    [{ port: 80, nodePort: 30080 }],
    [{ port: 80, nodePort: 80 }],
    [{ port: 80, appProtocol: 'a/b/c' }],
    [{ port: 80, appProtocol: 'kubernetes.io/h2c' }],
  ],
  'spec.clusterIP': ['None', '', '10.96.77.1', '1.2.3.4', 'x', '::1', '010.96.77.40', '10.96.0.0'],
  'spec.clusterIPs': [
    ['10.96.77.2'],
    ['None', '10.96.77.3'],
    ['10.96.77.4', '10.96.77.5'],
    ['x'],
    ['10.96.77.6', 'fd00::1'],
    ['10.96.77.7', 'fd00::1', 'fd00::2'],
  ],
  'spec.ipFamilies': [['IPv4'], ['IPv6'], ['IPv4', 'IPv6'], ['IPv4', 'IPv4'], ['IPv5'], []],
  'spec.ipFamilyPolicy': ['SingleStack', 'PreferDualStack', 'RequireDualStack', 'Other'],
  'spec.externalIPs': [
    ['1.2.3.4'],
    ['x'],
    ['127.0.0.1'],
    ['0.0.0.0'],
    ['224.0.0.1', '169.254.1.1'],
    ['::'],
    ['01.2.3.4'],
  ],
  'spec.sessionAffinity': ['ClientIP', 'Other', '', null],
  'spec.sessionAffinityConfig': [{}, { clientIP: {} }, { clientIP: { timeoutSeconds: 0 } }],
  'spec.loadBalancerIP': ['1.2.3.4', 'x'],
  'spec.loadBalancerSourceRanges': [['1.2.3.0/24']],
  'spec.loadBalancerClass': ['a/b'],
  'spec.allocateLoadBalancerNodePorts': [true],
  'spec.externalName': ['a.b'],
  'spec.externalTrafficPolicy': ['Local', 'Cluster', 'Other', ''],
  'spec.internalTrafficPolicy': ['Local', 'Other', ''],
  'spec.healthCheckNodePort': [31000],
  'spec.publishNotReadyAddresses': [true],
  'spec.trafficDistribution': ['PreferClose', 'PreferSameZone', 'PreferSameNode', 'Other', ''],
  'metadata.annotations': [{ 'service.beta.kubernetes.io/load-balancer-source-ranges': '1.2.3.0/24' }],
};

export const balancerPlaces: Places = {
  'spec.clusterIP': ['None'],
  'spec.sessionAffinity': ['ClientIP'],
  'spec.sessionAffinityConfig': [{ clientIP: { timeoutSeconds: 1 } }],
  'spec.loadBalancerIP': ['1.2.3.4', 'x'],
  'spec.loadBalancerSourceRanges': [
    ['1.2.3.0/24', ' 1.2.3.0/24 '],
    ['1.2.3.4'],
    ['x/1'],
    ['1.2.3.4/24'],
    ['::/0'],
  ],
  'spec.loadBalancerClass': ['a/b', 'A b', ''],
  'spec.allocateLoadBalancerNodePorts': [false, null],
  'spec.externalTrafficPolicy': ['Local', 'Other'],
  'spec.healthCheckNodePort': [31001, 5],
  'spec.ports': [
    [{ port: 80, nodePort: 30081 }],
    [{ port: 80, nodePort: 5 }],
    [
      { port: 80, name: 'a', nodePort: 30082 },
      { port: 81, name: 'b', nodePort: 30082 },
    ],
    [
      { port: 53, name: 'a' },
      { port: 53, name: 'b', protocol: 'UDP' },
    ],
  ],
  'metadata.annotations': [
    { 'service.beta.kubernetes.io/load-balancer-source-ranges': '1.2.3.0/24' },
    { 'service.beta.kubernetes.io/load-balancer-source-ranges': 'x' },
  ],
};

export const headlessPlaces: Places = {
  'spec.ports': [absent, [], [{ port: 80, targetPort: 90 }]],
  'spec.type': ['NodePort', 'LoadBalancer', 'ExternalName'],
  'spec.selector': [absent],
  'spec.ipFamilyPolicy': ['RequireDualStack', 'PreferDualStack'],
  'spec.clusterIPs': [['None'], ['10.96.77.8']],
};

export const externalPlaces: Places = {
  'spec.externalName': [absent, '', 'A_', 'a.b.', '1.2.3.4', 'a'.repeat(254)],
  'spec.ports': [[{ port: 80 }], [{ port: 0 }]],
  'spec.selector': [{ a: 'b' }],
  'spec.clusterIP': ['1.2.3.4', 'None'],
  'spec.clusterIPs': [['1.2.3.4']],
  'spec.ipFamilies': [['IPv4']],
  'spec.ipFamilyPolicy': ['SingleStack'],
  'spec.externalTrafficPolicy': ['Local'],
  'spec.internalTrafficPolicy': ['Cluster'],
  'spec.sessionAffinity': ['ClientIP'],
  'spec.externalIPs': [['1.2.3.4']],
};

/** Merge patches over the plain Service. */
export const servicePatches = [
  { spec: { clusterIP: '10.96.77.9' } },
  { spec: { clusterIP: null } },
  { spec: { clusterIP: '' } },
  { spec: { clusterIP: 'None' } },
  { spec: { clusterIP: null, clusterIPs: null } },
  { spec: { type: 'NodePort' } },
  { spec: { type: 'LoadBalancer' } },
  { spec: { type: 'ExternalName', externalName: 'a.b' } },
  { spec: { type: 'ExternalName' } },
  { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30083 }] } },
  { spec: { ports: null } },
  { spec: { ports: [{ port: 81 }] } },
  { spec: { ports: [{ port: 80, nodePort: 30084 }] } },
  { spec: { ipFamilyPolicy: 'PreferDualStack' } },
  { spec: { ipFamilyPolicy: 'RequireDualStack' } },
  { spec: { ipFamilies: ['IPv6'] } },
  { spec: { ipFamilies: null, ipFamilyPolicy: null } },
  { spec: { sessionAffinity: 'ClientIP' } },
  { spec: { sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } } },
  { spec: { externalIPs: ['1.2.3.4'] } },
  { spec: { internalTrafficPolicy: null } },
  { spec: { trafficDistribution: 'PreferClose' } },
  { spec: { selector: null } },
  { spec: null },
  { metadata: { labels: { a: 'b' } } },
];

export const balancerPatches = [
  { spec: { type: 'ClusterIP' } },
  { spec: { type: 'NodePort' } },
  { spec: { type: 'ExternalName', externalName: 'a.b' } },
  { spec: { loadBalancerClass: 'a/b' } },
  { spec: { allocateLoadBalancerNodePorts: false } },
  { spec: { allocateLoadBalancerNodePorts: null } },
  { spec: { externalTrafficPolicy: 'Local' } },
  { spec: { externalTrafficPolicy: null } },
  { spec: { type: 'ClusterIP', externalTrafficPolicy: 'Local' } },
  { spec: { healthCheckNodePort: 31002 } },
  { spec: { loadBalancerSourceRanges: ['1.2.3.0/24'] } },
  { spec: { type: 'ClusterIP', loadBalancerSourceRanges: ['1.2.3.0/24'] } },
];

export const balancerStatuses = [
  { status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } } },
  { status: { loadBalancer: { ingress: [{ ip: 'x' }] } } },
  { status: { loadBalancer: { ingress: [{ hostname: 'a.b' }] } } },
  { status: { loadBalancer: { ingress: [{ hostname: '1.2.3.4' }] } } },
  { status: { loadBalancer: { ingress: [{ hostname: 'A_' }] } } },
  { status: { loadBalancer: { ingress: [{}] } } },
  {
    status: {
      loadBalancer: {
        ingress: [
          {
            ip: '1.2.3.4',
            ipMode: 'Proxy',
            ports: [
              { port: 0, protocol: 'X' },
              { port: 80, protocol: 'TCP', error: 'a b' },
            ],
          },
        ],
      },
    },
  },
  { status: { loadBalancer: { ingress: [{ ip: '1.2.3.4', ipMode: 'Other' }] } } },
  { status: { loadBalancer: { ingress: [{ hostname: 'a.b', ipMode: 'VIP' }] } } },
  {
    status: {
      conditions: [
        { type: 'A', status: 'True', reason: 'R', message: 'm', lastTransitionTime: '2020-01-01T00:00:00Z' },
      ],
    },
  },
  { status: { conditions: [{ type: 'a b', status: 'Maybe', reason: 'r r', message: 'm' }] } },
  { spec: { clusterIP: '1.2.3.4' }, status: {} },
  { metadata: { labels: { q: 'r' } } },
];
