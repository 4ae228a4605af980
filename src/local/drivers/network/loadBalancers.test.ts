import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import type { Service } from '../../../shared/kinds/schema/types.ts';
import { ForeignAddress } from './foreignAddress.ts';
import { LocalLoadBalancers } from './loadBalancers.ts';

const ref = { cluster: 'default', namespace: 'ns', name: 'web', uid: 'u' };

test('a Service whose doors a Pod cannot be told is served, says so, and leaves nothing behind', async () => {
  const addresses: string[] = [];
  const balancers = new LocalLoadBalancers({
    clock: new ManualClock(),
    balancerCidr: '127.96.0.0/16',
    tellDoors: async () => {
      throw new Error('nft: no');
    },
    clusterAddresses: {
      add: async (address) => void addresses.push(address),
      remove: async (address) => void addresses.splice(addresses.indexOf(address), 1),
    },
  });
  const clusterIP = '127.0.0.1';
  const service: Service = {
    metadata: { name: 'web' },
    spec: { clusterIP, clusterIPs: [clusterIP], ports: [{ port: 0, protocol: 'SCTP' }, { port: 0 }] },
  };
  await expect(balancers.ensure(ref, service, [])).rejects.toThrow(/SCTP is not supported here.*; nft: no$/);
  expect(addresses).toEqual([clusterIP]);
  await balancers.remove(ref);
  expect(addresses).toEqual([]);
});

test("a Service at somebody else's address is not served there, and says so", async () => {
  const removed: string[] = [];
  const balancers = new LocalLoadBalancers({
    clock: new ManualClock(),
    balancerCidr: '127.96.0.0/16',
    clusterAddresses: {
      add: async (address) => {
        throw new ForeignAddress(`${address} is a Pod's`);
      },
      remove: async (address) => void removed.push(address),
    },
  });
  const clusterIP = '127.0.0.1';
  const service: Service = {
    metadata: { name: 'web' },
    spec: { clusterIP, clusterIPs: [clusterIP], ports: [{ port: 0 }, { name: 'b', port: 0 }] },
  };
  const said: string[] = [];
  await balancers.ensure(ref, service, [], (message, reason) => said.push(`${reason}: ${message}`));
  expect(said).toEqual(["ClusterIPNotServed: the cluster IP does not answer: 127.0.0.1 is a Pod's"]);
  await balancers.remove(ref);
  expect(removed).toEqual([]);
});
