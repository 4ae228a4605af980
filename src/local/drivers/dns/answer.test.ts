import { expect, test } from '@jest/globals';
import type { Answer, RecordType } from 'dns-packet';
import { answer } from './answer.ts';
import { ClusterNames } from './names.ts';
import { addressOfReverse, reverseName } from './reverse.ts';

const names = new ClusterNames();
const service = (name: string, cluster = 'default') => ({
  cluster,
  namespace: 'ns',
  name,
  uid: `${cluster} ${name}`,
});
await names.publish(service('web'), [
  { name: 'web.ns.svc', type: 'A', values: ['10.1.0.1'] },
  { name: 'web.ns.svc', type: 'AAAA', values: ['fd00::1'] },
  { name: '_http._tcp.web.ns.svc', type: 'SRV', values: ['0 100 80 web.ns.svc'] },
]);
await names.publish(service('pods'), [
  { name: 'pods.ns.svc', type: 'A', values: ['10.0.0.1', '10.0.0.2'] },
  { name: 'pods-0.pods.ns.svc', type: 'A', values: ['10.0.0.1'] },
  { name: '10-0-0-2.pods.ns.svc', type: 'A', values: ['10.0.0.2'] },
]);
await names.publish(service('out'), [{ name: 'out.ns.svc', type: 'CNAME', values: ['example.com.'] }]);
await names.publish(service('in'), [
  { name: 'in.ns.svc', type: 'CNAME', values: ['web.ns.svc.cluster.local.'] },
]);
await names.publish(service('web', 'other'), [{ name: 'web.ns.svc', type: 'A', values: ['10.1.0.9'] }]);

const options = (cluster = 'default') => ({
  zone: names.zone(cluster),
  isOwn: (address: string) => address.startsWith('10.'),
  serial: 1,
});

const shown = ({ name, type, ...rest }: Answer) => {
  const data = 'data' in rest ? rest.data : '';
  return `${name} ${type} ${typeof data === 'string' ? data : JSON.stringify(data)}`;
};

function ask(name: string, type: RecordType, cluster?: string) {
  const known = answer({ name, type }, options(cluster));
  return known && [known.code, ...known.answers.map(shown)];
}

test.each<[string, RecordType, string[]]>([
  ['web.ns.svc.cluster.local', 'A', ['web.ns.svc.cluster.local A 10.1.0.1']],
  ['WEB.ns.SVC.Cluster.local', 'A', ['WEB.ns.SVC.Cluster.local A 10.1.0.1']],
  ['web.ns.svc.cluster.local', 'AAAA', ['web.ns.svc.cluster.local AAAA fd00::1']],
  ['web.ns.svc.cluster.local', 'MX', []],
  [
    'pods.ns.svc.cluster.local',
    'A',
    ['pods.ns.svc.cluster.local A 10.0.0.1', 'pods.ns.svc.cluster.local A 10.0.0.2'],
  ],
  ['pods-0.pods.ns.svc.cluster.local', 'A', ['pods-0.pods.ns.svc.cluster.local A 10.0.0.1']],
  [
    '_http._tcp.web.ns.svc.cluster.local',
    'SRV',
    [
      '_http._tcp.web.ns.svc.cluster.local SRV {"priority":0,"weight":100,"port":80,"target":"web.ns.svc.cluster.local"}',
    ],
  ],
  ['out.ns.svc.cluster.local', 'A', ['out.ns.svc.cluster.local CNAME example.com']],
  ['out.ns.svc.cluster.local', 'CNAME', ['out.ns.svc.cluster.local CNAME example.com']],
  [
    'in.ns.svc.cluster.local',
    'A',
    ['in.ns.svc.cluster.local CNAME web.ns.svc.cluster.local', 'web.ns.svc.cluster.local A 10.1.0.1'],
  ],
  ['10-0-0-7.ns.pod.cluster.local', 'A', ['10-0-0-7.ns.pod.cluster.local A 10.0.0.7']],
  ['fd00--7.ns.pod.cluster.local', 'AAAA', ['fd00--7.ns.pod.cluster.local AAAA fd00::7']],
  ['fd00--7.ns.pod.cluster.local', 'A', []],
  ['ns.svc.cluster.local', 'A', []],
  ['svc.cluster.local', 'A', []],
  ['cluster.local', 'NS', []],
  ['dns-version.cluster.local', 'TXT', ['dns-version.cluster.local TXT 1.1.0']],
  ['1.0.1.10.in-addr.arpa', 'PTR', ['1.0.1.10.in-addr.arpa PTR web.ns.svc.cluster.local']],
  ['1.0.0.10.in-addr.arpa', 'PTR', ['1.0.0.10.in-addr.arpa PTR pods-0.pods.ns.svc.cluster.local']],
  [reverseName('fd00::1'), 'PTR', [`${reverseName('fd00::1')} PTR web.ns.svc.cluster.local`]],
])('%s %s', (name, type, answers) => {
  expect(ask(name, type)).toEqual(['NOERROR', ...answers]);
});

test.each(['nope.ns.svc.cluster.local', 'x.cluster.local', 'a.b.pod.cluster.local', '9.9.9.10.in-addr.arpa'])(
  '%s is not there, and for how long that holds is said',
  (name) => {
    const known = answer({ name, type: 'A' }, options());
    expect(known).toMatchObject({ code: 'NXDOMAIN', authorities: [{ name: 'cluster.local', type: 'SOA' }] });
  },
);

test.each(['example.com', 'local', 'xcluster.local', '8.8.8.8.in-addr.arpa'])(
  '%s is others’ to know',
  (name) => {
    expect(ask(name, 'A')).toBeUndefined();
  },
);

test('an alias out of the cluster says whose addresses are to be found', () => {
  expect(answer({ name: 'out.ns.svc.cluster.local', type: 'A' }, options())?.elsewhere).toBe('example.com');
});

test('the addresses of a SRV record come along', () => {
  const known = answer({ name: '_http._tcp.web.ns.svc.cluster.local', type: 'SRV' }, options());
  expect(known?.additionals.map(shown)).toEqual([
    'web.ns.svc.cluster.local A 10.1.0.1',
    'web.ns.svc.cluster.local AAAA fd00::1',
  ]);
});

test('each logical cluster has its own names', () => {
  expect(ask('web.ns.svc.cluster.local', 'A', 'other')).toEqual([
    'NOERROR',
    'web.ns.svc.cluster.local A 10.1.0.9',
  ]);
  expect(ask('pods.ns.svc.cluster.local', 'A', 'other')).toEqual(['NXDOMAIN']);
});

test.each(['10.0.0.1', '2001:db8::1', '::1', 'fd00:1:2:3:4:5:6:7'])(
  '%s is found by its reverse name',
  (address) => {
    expect(reverseName(addressOfReverse(reverseName(address))!)).toBe(reverseName(address));
  },
);
