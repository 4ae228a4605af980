import { controllers } from '../../src/aws/controllers/registry.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { bootstrap } from '../../src/shared/controllers/logicalcluster/bootstrap.ts';
import { openMemory, resync } from '../../src/shared/controllers/manager/queue/index.ts';
import { silentLogger } from '../../src/shared/observability/logger.ts';
import { simulatedCore } from '../../test/support/aws/simulatedCore.ts';

/** Reads of DynamoDB of a resync whose turn it is and that finds nothing changed, counted over a simulated table. */
export async function callsOfRest(): Promise<number> {
  const clock = new ManualClock();
  const { core, simulator } = simulatedCore(clock);
  const { storage, clients, environment } = core;
  let calls = 0;
  const perform = simulator.operations.perform.bind(simulator.operations);
  simulator.operations.perform = (...asked) => {
    calls++;
    return perform(...asked);
  };
  const passing = async <T>(run: Promise<T>): Promise<T> => {
    let done = false;
    void run.finally(() => {
      done = true;
    });
    while (!done) await clock.advance(10);
    return run;
  };
  await passing(bootstrap(clients('default'), { env: environment, clock }, true));
  const memory = openMemory();
  const queues = { send: async () => [] };
  const deps = { controllers, storage, clients, queues, log: silentLogger, memory };
  // Any tick is a turn: two looks that find the same, then the rest.
  for (let tick = 0; ; tick++) {
    await clock.advance(600_000);
    calls = 0;
    const { resting } = await passing(resync(deps, { tick, every: 1 }));
    if (resting) return calls;
    if (tick > 5) throw new Error('a cluster in which nothing is does not rest');
  }
}
