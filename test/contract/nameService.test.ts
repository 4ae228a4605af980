import { openRoute53Names } from '../../src/aws/drivers/names/index.ts';
import { memoryLedger } from '../../src/aws/drivers/names/ledger.ts';
import { ClusterNames } from '../../src/local/drivers/dns/names.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { FakeNames } from '../../src/shared/fake/names.ts';
import { passingClock } from '../support/aws/driverClients.ts';
import { FakeRoute53 } from '../support/aws/fakeRoute53.ts';
import { nameServiceContract } from './nameService.ts';

nameServiceContract('fake', () => {
  const names = new FakeNames();
  return {
    names,
    resolve: async (cluster, name, type) => names.resolve(cluster, name, type),
    writes: () => names.writes.length,
  };
});

nameServiceContract('aws (fake Route 53)', () => {
  const route53 = new FakeRoute53();
  route53.put({ Name: 'cluster.local.', Type: 'SOA', TTL: 900, ResourceRecords: [{ Value: 'ns. host. 1' }] });
  const zone = { id: 'Z1', domain: 'cluster.local', deployment: 'dev' };
  const originOf = (cluster: string) =>
    cluster === 'default' ? 'cluster.local' : `${cluster}.cluster.local`;
  return {
    names: openRoute53Names({
      client: route53.client,
      zone,
      ledger: memoryLedger(),
      clock: passingClock(),
      ids: seededIds(),
    }),
    resolve: async (cluster, name, type) =>
      route53
        .resolve(`${name}.${originOf(cluster)}`, type)
        .map((value) => value.replace(`.${originOf(cluster)}.`, '')),
    writes: () => route53.batches.length,
  };
});

nameServiceContract('local (cluster DNS)', () => {
  const names = new ClusterNames();
  return {
    names,
    resolve: async (cluster, name, type) => names.zone(cluster).find(name, type).values,
    writes: () => names.writes,
  };
});
