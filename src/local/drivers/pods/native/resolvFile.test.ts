import { expect, test } from '@jest/globals';
import type { PodSpec } from '../../../../shared/kinds/schema/types.ts';
import { resolvFile } from './resolvFile.ts';

const machine = 'nameserver 192.0.2.1\nsearch corp.example\noptions timeout:1\n';
const cluster =
  'search ns.svc.cluster.local svc.cluster.local cluster.local corp.example\nnameserver 10.0.0.10\noptions ndots:5\n';
const ofMachine = 'search corp.example\nnameserver 192.0.2.1\noptions timeout:1\n';

test.each<[string, Partial<PodSpec>, string]>([
  ['nothing', {}, cluster],
  ['ClusterFirst', { dnsPolicy: 'ClusterFirst' }, cluster],
  ['Default', { dnsPolicy: 'Default' }, ofMachine],
  ['ClusterFirst with the machine’s network', { hostNetwork: true }, ofMachine],
  ['ClusterFirstWithHostNet', { dnsPolicy: 'ClusterFirstWithHostNet', hostNetwork: true }, cluster],
  [
    'None',
    {
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['1.1.1.1'], searches: ['a.b'], options: [{ name: 'ndots', value: '2' }] },
    },
    'search a.b\nnameserver 1.1.1.1\noptions ndots:2\n',
  ],
  [
    'ClusterFirst and more',
    { dnsConfig: { nameservers: ['1.1.1.1'], options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }] } },
    cluster.replace('\noptions ndots:5', '\nnameserver 1.1.1.1\noptions ndots:2 edns0'),
  ],
])('a Pod that says %s', (_, spec, text) => {
  const whole = { containers: [], ...spec };
  expect(resolvFile({ spec: whole, namespace: 'ns', nameserver: '10.0.0.10' }, machine)).toBe(text);
});

test('a server on the machine’s loopback is none where that is another one', () => {
  const local = 'nameserver 127.0.0.53\n';
  const asked = {
    spec: { containers: [], dnsPolicy: 'Default' as const },
    namespace: 'ns',
    nameserver: '10.0.0.10',
  };
  expect(resolvFile({ ...asked, hasOwnLoopback: true }, local)).toBe('nameserver 10.0.0.10\n');
  expect(resolvFile(asked, local)).toBe(local);
});

test('where no cluster DNS answers it is the machine’s', () => {
  expect(resolvFile({ spec: { containers: [] }, namespace: 'ns' }, machine)).toBe(ofMachine);
});
