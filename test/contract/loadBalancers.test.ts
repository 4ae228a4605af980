import { FakeLoadBalancers } from '../../src/shared/cloud/fake/loadBalancers.ts';
import { type Harness, loadBalancersContract } from './loadBalancers.ts';
import { openLocalHarness } from './loadBalancersLocal.ts';

loadBalancersContract('fake', async (): Promise<Harness> => {
  const balancers = new FakeLoadBalancers();
  return {
    balancers,
    places: [1, 2, 3].map((n) => ({ address: `10.0.0.${n}`, port: 5000 })),
    visit: async (address, port) => {
      const endpoint = balancers.route(address, port);
      return endpoint && `${endpoint.address}:${endpoint.port}`;
    },
    // What a cloud keeps, it keeps.
    restart: async () => {},
    close: async () => {},
  };
});

loadBalancersContract('local', openLocalHarness);
