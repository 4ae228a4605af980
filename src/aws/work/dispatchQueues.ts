import {
  encodeWork,
  type Timers,
  type WorkQueues,
  workId,
} from '../../shared/controllers/manager/queue/index.ts';
import { type Env, required } from '../config.ts';
import type { TimerTable } from '../drivers/dynamodb/timers.ts';
import { sqsClient } from '../drivers/queues/client.ts';
import { type MessageQueue, openQueue } from '../drivers/queues/index.ts';
import type { SenderOptions } from '../drivers/sender.ts';
import { environment, groupAttribute } from '../names.ts';

/** The queue of all work, as the environment names it. Throws an error that names the missing variable. */
export const openWork = (env: Env, parts: Pick<SenderOptions, 'clock' | 'ids'>): WorkQueues =>
  workQueues(openQueue({ client: sqsClient(), url: required(env, environment.queue), ...parts }));

/** Work as messages, with its group beside it: the route reads no bodies. */
export const workQueues = (queue: MessageQueue): WorkQueues => ({
  send: async (orders) => {
    const messages = orders.map(({ group, work, delayMs = 0 }) => ({
      body: encodeWork(work),
      attributes: { [groupAttribute]: group },
      delayMs,
      tenant: `${work.cluster}/${work.namespace}`,
    }));
    return (await queue.send(messages)).map((i) => orders[i]!);
  },
});

export const workTimers = (table: TimerTable): Timers => ({
  claim: (work, at) => table.claim(workId(work), at),
  release: (work, at) => table.release(workId(work), at),
});
