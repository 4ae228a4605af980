import { openApplicationLoadBalancers } from '../../src/aws/drivers/ingresses/index.ts';
import { FakeIngresses } from '../../src/shared/fake/ingresses.ts';
import { FakeElb } from '../support/aws/fakeElb.ts';
import { type Harness, ingressesContract } from './ingresses.ts';

ingressesContract('fake', async (): Promise<Harness> => {
  const ingresses = new FakeIngresses();
  return { ingresses, ask: async (...asked) => ingresses.route(...asked), close: async () => {} };
});

ingressesContract('aws (fake ELBv2)', async (): Promise<Harness> => {
  const elb = new FakeElb();
  const ingresses = openApplicationLoadBalancers(elb.options);
  return {
    ingresses,
    ask: async (hostname, host, path) => elb.ask(hostname, 80, host, path),
    close: async () => {},
  };
});
