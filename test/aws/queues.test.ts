import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openAwsCore } from '../../src/aws/core.ts';
import { ofKnownFormat } from '../../src/aws/knownFormat.ts';
import { randomIds } from '../../src/shared/clock/randomIds.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { deployments, namespaces, pods, replicaSets } from '../../src/shared/controllers/resources.ts';
import { silentLogger } from '../../src/shared/observability/logger.ts';
import { type MiniStack, noMiniStack, startMiniStack } from '../../tools/emulator/ministack.ts';
import { freePort } from '../../tools/freePort.ts';
import { openQueueStack, type QueueStack } from '../support/aws/queueStack.ts';
import { deploymentOf } from '../support/controllers/world.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const { describe: described } = needs(noMiniStack());

described('controllers on events, behind an emulator', () => {
  let emulator: MiniStack;
  let stack: QueueStack;
  const core = () =>
    openAwsCore({
      config: { deployment: 'q', table: stack.table },
      dynamo: ofKnownFormat(stack.dynamo, { table: stack.table, clock: systemClock, ids: randomIds }),
      clock: systemClock,
      ids: randomIds,
      log: silentLogger,
    });

  beforeAll(async () => {
    emulator = await startMiniStack({ port: await freePort() });
    stack = await openQueueStack(emulator.endpoint, 'q');
    for (const name of ['dispatch', 'route', 'reconcile-workloads', 'resync'])
      await stack.addFunction(name, `lambdas/${name}/index.ts`);
    await stack.feed('dispatch', 'stream');
    await stack.feed('route', 'queue');
  }, 360_000);
  afterAll(() => emulator?.stop());

  test('the first resync of an empty table begins the cluster `default`', async () => {
    expect(await stack.invoke('resync', {})).toMatchObject({ clusters: 1, unsent: 0 });
    const client = core().clients('default');
    await until('the system namespaces', async () => (await client.list(namespaces)).length >= 4);
  });

  test('a Deployment becomes ReplicaSet and Pods through stream, dispatch, queue and route', async () => {
    const client = core().clients('default');
    const made = await client.create(deployments, deploymentOf('web', 3));
    const owned = async () =>
      client.list(replicaSets, { namespace: 'default', owner: made.metadata.uid ?? '' });
    await until('its ReplicaSet', async () => (await owned()).length === 1);
    const there = async () => (await client.list(pods, { namespace: 'default' })).length === 3;
    await until('its Pods', there);
  });
});
