import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect, test } from '@jest/globals';
import { openApplicationLoadBalancers } from '../../../src/aws/drivers/ingresses/index.ts';
import { openNetworkLoadBalancers } from '../../../src/aws/drivers/loadBalancers/index.ts';
import { openRoute53Names } from '../../../src/aws/drivers/names/index.ts';
import { memoryLedger } from '../../../src/aws/drivers/names/ledger.ts';
import { openSecretVault } from '../../../src/aws/drivers/secrets/index.ts';
import { sweep } from '../../../src/aws/drivers/sweep/index.ts';
import { allStages } from '../../../src/aws/drivers/sweep/stages.ts';
import { systemClock } from '../../../src/shared/clock/systemClock.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';
import { type DriverClients, driverParts, network, zoneIn } from './driverClients.ts';
import { groupRef, webMember } from './webMember.ts';

/** Of all drivers that make something in an account, but tasks. */
export function sweepTest(account: () => DriverClients): void {
  test('a sweep removes all of it', async () => {
    const clients = account();
    const place = await network(clients);
    const hostedZone = await zoneIn(clients);
    const balancers = openNetworkLoadBalancers({ ...driverParts, ...clients, ...place });
    const zone = { id: hostedZone, domain: 'cluster.local', deployment: 'dev' };
    // The ledger stands in the table, which goes with the stack: the zone alone tells what is left.
    const openNames = () =>
      openRoute53Names({ ...driverParts, client: clients.route53, zone, ledger: memoryLedger() });
    const names = openNames();
    const vault = openSecretVault({ ...driverParts, client: clients.secretsManager });
    const ref = { cluster: 'default', namespace: 'ns', name: 'web', uid: 'u' };
    for (const annotations of [undefined, { 'shallop.dev/shared-lb': 'all' }])
      await balancers.ensure(
        { ...ref, uid: annotations ? 'shared' : 'own' },
        { metadata: { name: 'web', annotations }, spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } },
        [],
      );
    const ingresses = openApplicationLoadBalancers({ ...driverParts, ...clients, ...place });
    await ingresses.ensure(groupRef, [webMember('a'), webMember('b')]);
    await names.publish(ref, [{ name: 'web.ns.svc', type: 'A', values: ['10.0.0.1'] }]);
    await vault.project(ref, { metadata: {}, data: {} });
    const stages = allStages({ ...driverParts, ...clients, ...place, cluster: 'none', hostedZone });
    const swept = stages.filter(({ name }) => name !== 'tasks');
    const until = Date.now() + 20_000;
    expect(await sweep({ stages: swept, clock: systemClock, log: silentLogger, until })).toEqual({});
    const held = [balancers, ingresses, openNames(), vault].map((each) => each.list());
    expect(await Promise.all(held)).toEqual([[], [], [], []]);
    const { LoadBalancers } = await clients.elb.send(new DescribeLoadBalancersCommand({}));
    expect(LoadBalancers).toEqual([]);
  });
}
