/**
 * Measures a change's way to its controllers behind MiniStack: from the write of a Deployment to its ReplicaSet and its
 * Pod, through dispatch and queue, and with the stream's function reconciling itself. Figures: docs/adr.
 *   node test/support/aws/queueHop.ts [rounds]
 */
import { openAwsCore } from '../../../src/aws/core.ts';
import { randomIds } from '../../../src/shared/clock/randomIds.ts';
import { systemClock } from '../../../src/shared/clock/systemClock.ts';
import { deployments, pods, replicaSets } from '../../../src/shared/controllers/resources.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';
import { startMiniStack } from '../../../tools/ministack.ts';
import { deploymentOf } from '../controllers/world.ts';
import { freePort } from '../freePort.ts';
import { until } from '../until.ts';
import { openQueueStack } from './queueStack.ts';

const rounds = Number(process.argv[2] ?? 30);
const warmUp = 5;

async function measure(kind: 'queue' | 'direct') {
  const emulator = await startMiniStack({ port: await freePort() });
  try {
    const stack = await openQueueStack(emulator.endpoint, kind);
    if (kind === 'direct') {
      await stack.addFunction('direct', 'test/support/aws/queueDirect.ts');
      await stack.feed('direct', 'stream');
    } else {
      await stack.addFunction('dispatch', 'lambdas/dispatch/index.ts');
      await stack.addFunction('reconcile-workloads', 'lambdas/reconcile-workloads/index.ts');
      await stack.feed('dispatch', 'stream');
      await stack.feed('reconcile-workloads', 'workloads');
    }
    const config = { deployment: kind, table: stack.table };
    const { clients } = openAwsCore({
      config,
      dynamo: stack.dynamo,
      clock: systemClock,
      ids: randomIds,
      log: silentLogger,
    });
    const client = clients('default');
    const metadata = { name: 'default' };
    await client.create(
      { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false },
      { metadata },
    );
    const times: { set: number; pod: number }[] = [];
    for (let round = -warmUp; round < rounds; round++) {
      const made = await client.create(deployments, deploymentOf(`d${round + warmUp}`, 1));
      const began = performance.now();
      const owner = made.metadata.uid ?? '';
      let uid: string | undefined;
      await until('a ReplicaSet', async () => {
        const [set] = await client.list(replicaSets, { namespace: 'default', owner });
        uid = set?.metadata.uid;
        return uid;
      });
      const set = performance.now() - began;
      await until(
        'a Pod',
        async () => (await client.list(pods, { namespace: 'default', owner: uid! })).length,
      );
      if (round >= 0) times.push({ set, pod: performance.now() - began });
    }
    const at = (of: 'set' | 'pod', share: number) =>
      Math.round(times.map((time) => time[of]).sort((a, b) => a - b)[Math.floor(share * (rounds - 1))]!);
    console.log(
      `${kind}: ReplicaSet p50 ${at('set', 0.5)} p90 ${at('set', 0.9)} ms, Pod p50 ${at('pod', 0.5)} p90 ${at('pod', 0.9)} ms`,
    );
  } finally {
    emulator.stop();
  }
}

for (const kind of ['direct', 'queue', 'direct', 'queue'] as const) await measure(kind);
process.exit(0);
