import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { everythingOf } from '../../tools/emulator/leftovers.ts';
import { type LocalCloud, openLocalCloud } from '../../tools/emulator/localCloud.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { protect } from '../../tools/table.ts';
import { awsCommand } from '../support/aws/awsCommand.ts';
import { type CloudKubectl, kubectlOf } from '../support/aws/cloudKubectl.ts';
import { noAwsTests } from '../support/aws/noAwsTests.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v35');
const missing = noAwsTests(kubectl);

const name = 'restore';
const restored = `shallop-${name}-restored`;

/** The commands of the page's first section, for this deployment, in their order. */
function commandsOfPage(): string[] {
  const page = readFileSync(join('docs', 'aws-restore.md'), 'utf8');
  const [, section = ''] = page.split('## To a time before an accident');
  const blocks = [...section.split('\n## ')[0]!.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!);
  return blocks
    .join('')
    .replaceAll('\\\n', '')
    .replaceAll('shallop-dev', `shallop-${name}`)
    .replaceAll('name=dev', `name=${name}`)
    .split('\n')
    .filter(Boolean);
}

// Each test goes on from where the one before it stopped.
needs(missing).describe('D10: the steps of docs/aws-restore.md', () => {
  let cloud: LocalCloud;
  let cli: CloudKubectl;
  const log: string[] = [];
  const commands = commandsOfPage();

  const k = (...args: string[]) => cli.k(...args);

  beforeAll(async () => {
    cloud = await openLocalCloud({ name, say: (line) => log.push(line) });
    cli = kubectlOf(cloud, kubectl!);
  }, 900_000);

  afterAll(async () => {
    await cloud?.close();
    cli?.close();
  });

  test('the page has a restore, a deployment, a resync and a look', () => {
    expect(commands.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'aws dynamodb restore-table-to-point-in-time',
      'aws dynamodb wait',
      'npm run deploy',
      'aws lambda invoke',
      'kubectl get deployments,pods',
    ]);
  });

  test('the table cannot be deleted by a slip', async () => {
    const deletion = new DynamoDBClient({}).send(new DeleteTableCommand({ TableName: `shallop-${name}` }));
    await expect(deletion).rejects.toThrow(/protect/i);
  });

  test('restored, with what a restore leaves out', async () => {
    await cli.whenReady();
    await k('create', 'configmap', 'kept', '--from-literal=a=1');
    await k('create', 'deployment', 'web', '--image=web:1', '--replicas=2');
    await k('rollout', 'status', 'deployment/web', '--timeout=240s');
    // The emulator restores the present: the accident comes after it here.
    for (const command of commands.slice(0, 2)) await awsCommand(command);
    await k('delete', 'configmap', 'kept');
    await k('create', 'configmap', 'late', '--from-literal=a=1');
    await k('delete', 'deployment', 'web');
    const args = commands[2]!
      .split(' ')
      .flatMap((word) => (word.includes('=') ? [word.split(/=(.*)/s)] : []));
    await cloud.redeploy(Object.fromEntries(args));
    cli.login();
    const client = new DynamoDBClient({});
    const { Table } = await client.send(new DescribeTableCommand({ TableName: restored }));
    expect(Table).toMatchObject({
      DeletionProtectionEnabled: true,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    });
    const { TimeToLiveDescription } = await client.send(
      new DescribeTimeToLiveCommand({ TableName: restored }),
    );
    expect(TimeToLiveDescription).toMatchObject({ AttributeName: 'expires', TimeToLiveStatus: 'ENABLED' });
    const { ContinuousBackupsDescription } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName: restored }),
    );
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
      'ENABLED',
    );
  }, 1_800_000);

  test('objects are those of before, and their Pods run again', async () => {
    await awsCommand(commands[3]!);
    expect(await k('get', 'configmap', 'kept', '-o', 'jsonpath={.data.a}')).toBe('1');
    await expect(k('get', 'configmap', 'late')).rejects.toThrow(/NotFound/);
    await k('rollout', 'status', 'deployment/web', '--timeout=360s');
    await until('two Pods of before', async () =>
      /deployment.apps\/web +2\/2/.test(await k(...commands[4]!.split(' ').slice(1))),
    );
  }, 1_200_000);

  test('what is changed now reaches controllers by the stream of the restored table', async () => {
    await k('scale', 'deployment/web', '--replicas=3');
    await until(
      'three Pods',
      async () => (await k('get', 'deployment', 'web', '-o', 'jsonpath={.status.readyReplicas}')) === '3',
      360_000,
    );
  }, 450_000);

  test('without it the deployment is at its own table again, and a destroy leaves the restored one', async () => {
    await cloud.redeploy({});
    cli.login();
    expect(await k('get', 'configmap', 'late', '-o', 'jsonpath={.data.a}')).toBe('1');
    await cloud.destroy();
    expect(await everythingOf(name)).toEqual([`table ${restored}`]);
    await protect(restored, false);
    await new DynamoDBClient({}).send(new DeleteTableCommand({ TableName: restored }));
  }, 1_500_000);
});
