import { expect, test } from '@jest/globals';
import { parseCidr } from './addresses.ts';
import { ForeignAddress, refuseForeign } from './foreignAddress.ts';

const others = {
  podCidr: '10.128.0.0/17',
  serviceCidr: '10.128.128.0/17',
  addresses: new Map([
    ['eth0', ['192.168.1.20/24']],
    ['lo', ['127.0.0.1/8']],
    ['shallop128', ['10.128.0.1/17', '10.77.0.3/32']],
  ]),
  routes: [parseCidr('172.20.0.0/16'), parseCidr('10.128.0.0/17')],
  bridge: 'shallop128',
};
const at = (address: string) => () => refuseForeign(address, others);

test.each([
  ["another tenant's Pod", '10.128.0.5', '10.128.0.5 is in the range of Pods, 10.128.0.0/17'],
  ['the node', '10.128.0.1', '10.128.0.1 is in the range of Pods, 10.128.0.0/17'],
  ["the machine's router", '192.168.1.1', "192.168.1.1 is in the network of this machine's eth0"],
  ['where clouds tell secrets', '169.254.169.254', '169.254.169.254 is no address that a Service can have'],
  ['a routed network', '172.20.3.4', '172.20.3.4 is in a network that this machine has a route to'],
])('no Service has the address of %s', (_, address, message) => {
  expect(at(address)).toThrow(new ForeignAddress(message));
});

test('a Service has an address of its range, or of another one that nobody has', () => {
  for (const address of ['10.128.128.7', '10.77.0.3', '10.77.0.4']) expect(at(address)).not.toThrow();
});
