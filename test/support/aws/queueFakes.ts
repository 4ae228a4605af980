import { ManualClock } from '../../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../../src/shared/clock/seededIds.ts';
import type { Controller, WorkKey } from '../../../src/shared/controllers/controller.ts';
import {
  createWorker,
  type Order,
  type Timers,
  type Work,
  type WorkQueues,
  workId,
} from '../../../src/shared/controllers/manager/queue/index.ts';
import { silentLogger } from '../../../src/shared/observability/logger.ts';
import { openMemoryStorage } from '../../../src/shared/storage/memory/index.ts';
import { fakeClients } from '../controllers/fakeApi.ts';

/** Timers as the table keeps them, in memory. */
function memoryTimers(now: () => number): Timers {
  const due = new Map<string, number>();
  return {
    claim: async (work, at) => {
      const known = due.get(workId(work));
      if (known !== undefined && known > now() && known <= at) return false;
      due.set(workId(work), at);
      return true;
    },
    release: async (work, at) => {
      if (due.get(workId(work)) === at) due.delete(workId(work));
    },
  };
}

type Result = Awaited<ReturnType<Controller['reconcile']>>;

/** A controller that does what the test says and counts its runs. */
export function scripted(
  name: string,
  reconcile: (key: WorkKey, run: number) => Promise<Result> | Result,
  more: Partial<Controller> = {},
): Controller & { runs: WorkKey[] } {
  const runs: WorkKey[] = [];
  return {
    name,
    watches: [],
    runs,
    reconcile: async (key) => {
      runs.push(key);
      return reconcile(key, runs.length);
    },
    ...more,
  };
}

/** A worker over memory storage; `sent` is what it put into queues. */
export function openFakes(controllers: Controller[], options: { refuse?: boolean } = {}) {
  const clock = new ManualClock();
  const ids = seededIds();
  const storage = openMemoryStorage({ clock });
  const clients = fakeClients(storage, clock, ids);
  const sent: Order[] = [];
  const queues: WorkQueues = {
    send: async (orders) => {
      if (options.refuse) return [...orders];
      sent.push(...orders);
      return [];
    },
  };
  const worker = createWorker({
    controllers,
    clients,
    cloud: {} as never,
    clock,
    ids,
    log: silentLogger,
    env: {} as never,
    queues,
    timers: memoryTimers(() => clock.now()),
  });
  /** Lets time pass until the run ends. */
  const run = async (...batch: Work[]): Promise<Map<number, unknown>> => {
    let again: Map<number, unknown> | undefined;
    void worker.run(batch, 55_000).then((answer) => {
      again = answer;
    });
    while (!again) await clock.advance(100);
    return again;
  };
  return { clock, storage, clients, sent, queues, run };
}
