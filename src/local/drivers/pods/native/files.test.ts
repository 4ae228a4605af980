import { expect, test } from '@jest/globals';
import type { PodSpec } from '../../../../shared/kinds/schema/types.ts';
import { hostnameOf, hostsFile } from './files.ts';

const namesOf = (spec: Partial<PodSpec>) => ({
  ...{ spec: { containers: [], ...spec }, podName: 'web-0', namespace: 'ns', ip: '10.0.0.1' },
});
const own = (spec: Partial<PodSpec>) => hostsFile(namesOf(spec)).split('\n').at(-2);

test.each<[Partial<PodSpec>, string | undefined, string]>([
  [{}, 'web-0', 'web-0'],
  [{ hostname: 'me' }, 'me', 'me'],
  [{ hostname: 'me', subdomain: 'sub' }, 'me', 'me.sub.ns.svc.cluster.local\tme'],
  [{ hostnameOverride: 'a.b.example' }, 'a.b.example', 'a.b.example'],
  [{ hostnameOverride: 'a.b', hostname: 'me', subdomain: 'sub' }, 'a.b', 'a.b'],
])('a Pod with %j is called %s', (spec, name, line) => {
  expect(hostnameOf(namesOf(spec))).toBe(name);
  expect(own(spec)).toBe(`10.0.0.1\t${line}`);
});
