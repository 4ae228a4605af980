import { expect, test } from '@jest/globals';
import type { Service } from '../../../../shared/kinds/schema/types.ts';
import type { ServiceEndpoint } from '../../../../shared/ports/cloud.ts';
import { translatedPorts } from './translated.ts';

const web = (spec: Service['spec'] = {}, labels?: Record<string, string>): Service => ({
  metadata: { name: 'web', ...(labels && { labels }) },
  spec: {
    clusterIP: '10.128.128.7',
    clusterIPs: ['10.128.128.7'],
    ports: [{ port: 80, protocol: 'TCP' }],
    ...spec,
  },
});
const end = (last: number, more: Partial<ServiceEndpoint> = {}): ServiceEndpoint => ({
  ...{ portName: '', address: `10.128.0.${last}`, port: 8080, protocol: 'TCP', ready: true },
  ...more,
});
const going = { ready: false, lastResort: true };

test.each<[string, Service, ServiceEndpoint[], string[]]>([
  ['each ready endpoint is led to', web(), [end(2), end(3)], ['7:80 → 2:8080 3:8080']],
  [
    'each port to its own',
    web({
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 81 },
      ],
    }),
    [end(2, { portName: 'a' }), end(2, { portName: 'b', port: 9 })],
    ['7:80 → 2:8080', '7:81 → 2:9'],
  ],
  ['who is going is not, while others are ready', web(), [end(2, going), end(3)], ['7:80 → 3:8080']],
  ['… and is for lack of others', web(), [end(2, going)], ['7:80 → 2:8080']],
  ['a Pod that is about to end neither', web(), [end(9), end(3)], ['7:80 → 3:8080']],
  ['… nor is refused for that', web(), [end(9)], ['7:80 → 9:8080']],
  ['nobody behind it: the door refuses', web(), [], []],
  [
    "at a Pod's address: it is the Pod's",
    web({ clusterIP: '10.128.0.5', clusterIPs: ['10.128.0.5'] }),
    [end(2)],
    [],
  ],
  [
    'an endpoint of another network: the proxy reaches it',
    web(),
    [end(2), end(3, { address: '1.2.3.4' })],
    [],
  ],
  ['UDP', web({ ports: [{ port: 53, protocol: 'UDP' }] }), [end(2, { protocol: 'UDP' })], []],
  [
    'clients of a Node to its own endpoints, where Nodes keep to themselves',
    web({ internalTrafficPolicy: 'Local' }),
    [end(2, { nodeName: 'a' }), end(3, { nodeName: 'b' })],
    ['7:80 → 2:8080'],
  ],
  [
    '… and to nobody, where it has none',
    web({ internalTrafficPolicy: 'Local' }),
    [end(3, { nodeName: 'b' })],
    ['7:80 → '],
  ],
  ['a headless Service', web({ clusterIP: 'None', clusterIPs: ['None'] }), [end(2)], []],
  [
    'one that somebody else serves',
    web({}, { 'service.kubernetes.io/service-proxy-name': 'x' }),
    [end(2)],
    [],
  ],
  [
    'clients stay where they are for as long as it says',
    web({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } } }),
    [end(2)],
    ['7:80 → 2:8080 for 10 s'],
  ],
])('%s', (_, service, endpoints, expected) => {
  const ports = translatedPorts(
    { service, endpoints },
    { isNear: (address) => address.startsWith('10.128.0.'), leaving: new Set(['10.128.0.9']), node: 'a' },
  );
  const short = ({ address, port }: { address: string; port: number }) => `${address.split('.')[3]}:${port}`;
  expect(
    ports.map(
      ({ at, to, affinitySeconds }) =>
        `${short(at)} → ${to.map(short).join(' ')}${affinitySeconds === undefined ? '' : ` for ${affinitySeconds} s`}`,
    ),
  ).toEqual(expected);
});
