import { CreateFileSystemCommand, DescribeAccessPointsCommand } from '@aws-sdk/client-efs';
import { ListResourceRecordSetsCommand, type Route53Client } from '@aws-sdk/client-route-53';
import { expect, test } from '@jest/globals';
import { openApplicationLoadBalancers } from '../../../src/aws/drivers/ingresses/index.ts';
import { openNetworkLoadBalancers } from '../../../src/aws/drivers/loadBalancers/index.ts';
import { openRoute53Names } from '../../../src/aws/drivers/names/index.ts';
import { memoryLedger } from '../../../src/aws/drivers/names/ledger.ts';
import { openSender } from '../../../src/aws/drivers/sender.ts';
import { openEfsVolumes } from '../../../src/aws/drivers/volumes/index.ts';
import { openVolumeParts } from '../../../src/aws/drivers/volumes/parts.ts';
import { ingressesContract } from '../../contract/ingresses.ts';
import { loadBalancersContract } from '../../contract/loadBalancers.ts';
import { nameServiceContract } from '../../contract/nameService.ts';
import { secretVaultContract } from '../../contract/secretVault.ts';
import { secretVaultAt } from '../../contract/secretVaultAws.ts';
import { tokenVaultContract } from '../../contract/tokenVault.ts';
import { volumesContract } from '../../contract/volumes.ts';
import type { Account } from './account.ts';
import { answerOf, whereTo } from './balancerViews.ts';
import { untilPlaced, untilServed } from './comeAgain.ts';
import { driverClients, driverParts, network, zoneIn } from './driverClients.ts';
import { ingressTests } from './ingressTests.ts';
import { keyTests } from './keyTests.ts';
import { sweepTest } from './sweepTest.ts';

/** Why an emulator cannot be asked for something that AWS does. */
export interface Lacks {
  /** What is asked of EFS again with the same client token is the same. */
  accessPointTokens?: string;
  /** An encrypted data key that was changed does not open. */
  changedKeys?: string;
  /** Records are listed in the order of names with a dot at their end. */
  recordOrder?: string;
  /** Listeners are told of as they were made. */
  listeners?: string;
}

/** What the drivers of Services, Ingresses, Secrets and claims have to do at an emulator. `empty`: a new account. */
export function serviceDrivers(empty: () => Account, lacks: Lacks): void {
  const account = () => driverClients(empty());

  loadBalancersContract('aws', async () => {
    const clients = account();
    const options = { ...driverParts, ...clients, ...(await network(clients)) };
    let turn = 0;
    return {
      balancers: untilPlaced(openNetworkLoadBalancers(options)),
      places: [1, 2, 3].map((n) => ({ address: `10.0.1.${n}`, port: 5000 })),
      visit: (hostname, port) => whereTo(clients, hostname, port, turn++),
      restart: async () => {},
      close: async () => {},
    };
  });

  ingressesContract('aws', async () => {
    const clients = account();
    const options = { ...driverParts, ...clients, ...(await network(clients)) };
    return {
      ingresses: untilServed(openApplicationLoadBalancers(options)),
      ask: ({ hostname = '' }, ...asked) => answerOf(clients, hostname, ...asked),
      close: async () => {},
    };
  });
  ingressTests(account, { lacks: lacks.listeners });

  const openNames = async () => {
    const { route53, ...clients } = account();
    const id = await zoneIn({ route53, ...clients });
    let writes = 0;
    const counting = {
      send: (command: never) => {
        if ((command as object).constructor.name.startsWith('Change')) writes++;
        return route53.send(command);
      },
    } as Pick<Route53Client, 'send'>;
    const zone = { id, domain: 'cluster.local', deployment: 'dev' };
    return {
      names: openRoute53Names({ ...driverParts, client: counting, zone, ledger: memoryLedger() }),
      writes: () => writes,
      async resolve(cluster: string, name: string, type: string) {
        const origin = cluster === 'default' ? 'cluster.local.' : `${cluster}.cluster.local.`;
        const { ResourceRecordSets = [] } = await route53.send(
          new ListResourceRecordSetsCommand({ HostedZoneId: id }),
        );
        const found = ResourceRecordSets.find((set) => set.Name === `${name}.${origin}` && set.Type === type);
        return (found?.ResourceRecords ?? []).map(({ Value = '' }) => Value.replace(`.${origin}`, '')).sort();
      },
    };
  };
  nameServiceContract('aws', openNames, { lacks: lacks.recordOrder });

  secretVaultContract('aws', () => secretVaultAt(account().secretsManager));
  tokenVaultContract('aws', () => secretVaultAt(account().secretsManager));

  const openVolumes = async () => {
    const { efs } = account();
    const { FileSystemId } = await efs.send(new CreateFileSystemCommand({}));
    return {
      efs,
      volumes: openEfsVolumes({ ...driverParts, client: efs }),
      storageClass: {
        metadata: { name: 'efs' },
        provisioner: 'efs.csi.aws.com',
        parameters: { provisioningMode: 'efs-ap', fileSystemId: FileSystemId ?? '' },
      },
    };
  };
  volumesContract('aws', openVolumes, { lacks: lacks.accessPointTokens });

  test('a folder of a volume has an access point of its own, which is tidied away after the volume', async () => {
    const { efs, volumes, storageClass } = await openVolumes();
    const parts = openVolumeParts({
      ...driverParts,
      deployment: 'dev',
      client: efs,
      send: openSender(driverParts),
    });
    const ref = { cluster: 'default', namespace: 'ns', name: 'data', uid: 'u' };
    const { spec } = await volumes.provision(ref, { metadata: {} }, storageClass);
    const whole = spec.csi?.volumeHandle.split(':').at(-1) ?? '';
    await parts.pointOf(whole, 'a/b');
    const rootsThere = async () => {
      const { AccessPoints = [] } = await efs.send(new DescribeAccessPointsCommand({}));
      return AccessPoints.map(({ RootDirectory }) => RootDirectory?.Path).sort();
    };
    expect(await rootsThere()).toEqual(['/pvc-u', '/pvc-u/a/b']);
    expect(await volumes.list()).toEqual([ref]);
    await volumes.remove(ref, spec);
    await parts.tidy();
    expect(await rootsThere()).toEqual([]);
  });

  keyTests(empty, { lacks: lacks.changedKeys });
  sweepTest(account);
}
