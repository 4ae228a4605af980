import { coreConfig } from '../../../src/aws/config.ts';
import { controllers } from '../../../src/aws/controllers/registry.ts';
import { openAwsCore } from '../../../src/aws/core.ts';
import { dynamoClient } from '../../../src/aws/drivers/dynamodb/client.ts';
import { streamReader } from '../../../src/aws/drivers/dynamodb/streamRecords.ts';
import { ofKnownFormat } from '../../../src/aws/knownFormat.ts';
import { dispatchRecords } from '../../../src/aws/work/dispatch.ts';
import { randomIds } from '../../../src/shared/clock/randomIds.ts';
import { systemClock } from '../../../src/shared/clock/systemClock.ts';
import { createWorker, groupOf } from '../../../src/shared/controllers/manager/queue/index.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';

/** What was not built, to compare with: the stream's function reconciles itself, without queues. */
const config = coreConfig(process.env);
const parts = { clock: systemClock, ids: randomIds, log: silentLogger };
const dynamo = ofKnownFormat(dynamoClient(), { table: config.table, ...parts });
const core = openAwsCore({ config, dynamo, ...parts });
const own = controllers.filter((controller) => groupOf(controller) === 'workloads');
const worker = createWorker({
  ...parts,
  controllers: own,
  clients: core.clients,
  cloud: {} as never,
  env: core.environment,
  queues: { send: async () => [] },
  timers: { claim: async () => false, release: async () => {} },
});

export const handler = dispatchRecords({
  deployment: config.deployment,
  read: streamReader({ client: dynamo, table: config.table, ...parts }),
  controllers: own,
  clients: core.clients,
  log: silentLogger,
  queues: {
    send: async (orders) => {
      const again = await worker.run(orders.map(({ work }) => work));
      return [...again.keys()].map((i) => orders[i]!);
    },
  },
});
