import { RequestCertificateCommand } from '@aws-sdk/client-acm';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect, test } from '@jest/globals';
import { openApplicationLoadBalancers } from '../../../src/aws/drivers/ingresses/index.ts';
import { needs } from '../needs.ts';
import { untilServed } from './comeAgain.ts';
import { type DriverClients, driverParts, network } from './driverClients.ts';
import { everyAction, groupRef, webMember } from './webMember.ts';

/**
 * What Ingresses have beside their contract: certificates of ACM, actions and conditions. `lacks` says why something may
 * be written again.
 */
export function ingressTests(account: () => DriverClients, { lacks }: { lacks?: string } = {}): void {
  test('certificates of ACM are found by host', async () => {
    const clients = account();
    const request = (DomainName: string) => clients.acm.send(new RequestCertificateCommand({ DomainName }));
    const { CertificateArn } = await request('*.example.com');
    await request('example.org');
    const ingresses = openApplicationLoadBalancers({
      ...driverParts,
      ...clients,
      ...(await network(clients)),
    });
    const one = webMember('a');
    one.ingress.metadata.annotations = { 'alb.ingress.kubernetes.io/listen-ports': '[{"HTTPS": 443}]' };
    expect((await ingresses.ensure(groupRef, [one])).refused).toEqual(new Map());
    const { LoadBalancers = [] } = await clients.elb.send(new DescribeLoadBalancersCommand({}));
    const [LoadBalancerArn] = LoadBalancers.map((balancer) => balancer.LoadBalancerArn);
    const { Listeners } = await clients.elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
    expect(Listeners).toMatchObject([{ Port: 443, Certificates: [{ CertificateArn }] }]);
  });

  const openGroup = async () => {
    const clients = account();
    const writes: string[] = [];
    const counting = {
      send: (command: never) => {
        const { name } = (command as object).constructor;
        if (!name.startsWith('Describe')) writes.push(name);
        return clients.elb.send(command);
      },
    } as DriverClients['elb'];
    const options = { ...driverParts, ...clients, elb: counting, ...(await network(clients)) };
    const ingresses = untilServed(openApplicationLoadBalancers(options));
    const ensure = () => ingresses.ensure(groupRef, [webMember('a'), webMember('b', everyAction)]);
    return { elb: clients.elb, writes, ensure, remove: () => ingresses.remove(groupRef) };
  };

  const { test: once } = needs(lacks);
  once('a group with actions and conditions is made once', async () => {
    const { writes, ensure } = await openGroup();
    const made = await ensure();
    writes.length = 0;
    expect(await ensure()).toEqual(made);
    expect(writes).toEqual([]);
  });

  test('a group with actions and conditions goes with all it has', async () => {
    const { elb, ensure, remove } = await openGroup();
    expect(await ensure()).toEqual({
      points: [{ hostname: expect.any(String) }],
      refused: new Map(),
      routed: new Set(['10.0.1.1']),
    });
    await remove();
    expect((await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups).toEqual([]);
    expect((await elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers).toEqual([]);
  });
}
