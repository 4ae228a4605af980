import { openNetworkLoadBalancers } from '../../src/aws/drivers/loadBalancers/index.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { FakeLoadBalancers } from '../../src/shared/fake/loadBalancers.ts';
import { FakeElb } from '../support/aws/fakeElb.ts';
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

loadBalancersContract('aws (fake ELBv2)', async (): Promise<Harness> => {
  const elb = new FakeElb();
  const balancers = openNetworkLoadBalancers({
    elb: elb.client,
    ec2: elb.client,
    clock: new ManualClock(),
    ids: seededIds(),
    deployment: 'dev',
    vpc: 'vpc-1',
    subnets: ['subnet-1', 'subnet-2'],
    securityGroup: 'sg-shared',
  });
  return {
    balancers,
    places: [1, 2, 3].map((n) => ({ address: `10.0.0.${n}`, port: 5000 })),
    visit: async (hostname, port) => elb.visit(hostname, port),
    restart: async () => {},
    close: async () => {},
  };
});
