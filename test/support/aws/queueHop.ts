/**
 * Measures a change's way to its controllers behind MiniStack: from the write of a Deployment to its ReplicaSet and its
 * Pod, through dispatch, queue and route, and with the stream's function reconciling itself. Both in turn, so that they share
 * the machine's moods. Figures: docs/adr.
 *   node test/support/aws/queueHop.ts [rounds]
 */
import { openAwsCore } from '../../../src/aws/core.ts';
import { ofKnownFormat } from '../../../src/aws/knownFormat.ts';
import type { Client } from '../../../src/shared/client/client.ts';
import { randomIds } from '../../../src/shared/clock/randomIds.ts';
import { systemClock } from '../../../src/shared/clock/systemClock.ts';
import { deployments, namespaces, pods, replicaSets } from '../../../src/shared/controllers/resources.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';
import { startMiniStack } from '../../../tools/emulator/ministack.ts';
import { freePort } from '../../../tools/freePort.ts';
import { deploymentOf } from '../controllers/world.ts';
import { until } from '../until.ts';
import { openQueueStack } from './queueStack.ts';

const rounds = Number(process.argv[2] ?? 40);
const warmUp = 5;

async function open(kind: 'queue' | 'direct') {
  const emulator = await startMiniStack({ port: await freePort() });
  const stack = await openQueueStack(emulator.endpoint, kind);
  if (kind === 'direct') {
    await stack.addFunction('direct', 'test/support/aws/queueDirect.ts');
    await stack.feed('direct', 'stream');
  } else {
    for (const name of ['dispatch', 'route', 'reconcile-workloads'])
      await stack.addFunction(name, `lambdas/${name}/index.ts`);
    await stack.feed('dispatch', 'stream');
    await stack.feed('route', 'queue');
  }
  const { clients } = openAwsCore({
    config: { deployment: kind, table: stack.table },
    dynamo: ofKnownFormat(stack.dynamo, { table: stack.table, clock: systemClock, ids: randomIds }),
    clock: systemClock,
    ids: randomIds,
    log: silentLogger,
  });
  const client = clients('default');
  await client.create(namespaces, { metadata: { name: 'default' } });
  return { kind, client, stop: () => emulator.stop(), times: [] as { set: number; pod: number }[] };
}

async function time(client: Client, name: string): Promise<{ set: number; pod: number }> {
  const { metadata } = await client.create(deployments, deploymentOf(name, 1));
  const began = performance.now();
  let owner = metadata.uid ?? '';
  await until('a ReplicaSet', async () => {
    const [found] = await client.list(replicaSets, { namespace: 'default', owner });
    owner = found?.metadata.uid ?? owner;
    return found;
  });
  const set = performance.now() - began;
  await until('a Pod', async () => (await client.list(pods, { namespace: 'default', owner })).length);
  return { set, pod: performance.now() - began };
}

const stacks = [await open('direct'), await open('queue')];
try {
  for (let round = -warmUp; round < rounds; round++)
    for (const { client, times } of stacks) {
      const taken = await time(client, `d${round + warmUp}`);
      if (round >= 0) times.push(taken);
      // What else the change set off shall not be in the other's way.
      await systemClock.sleep(1_000);
    }
  for (const { kind, times } of stacks)
    for (const what of ['set', 'pod'] as const) {
      const sorted = times.map((each) => each[what]).sort((a, b) => a - b);
      const [p10, p50, p90] = [0.1, 0.5, 0.9].map((share) =>
        Math.round(sorted[Math.floor(share * (rounds - 1))]!),
      );
      process.stdout.write(`${kind}: ${what} p10 ${p10} p50 ${p50} p90 ${p90} ms\n`);
    }
} finally {
  for (const { stop } of stacks) stop();
}
process.exit(0);
