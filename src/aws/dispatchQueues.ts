import type { Clock } from '../shared/clock/clock.ts';
import type { Ids } from '../shared/clock/ids.ts';
import { sqsClient } from '../shared/cloud/aws/queues/client.ts';
import { type MessageQueue, openQueue } from '../shared/cloud/aws/queues/index.ts';
import {
  encodeWork,
  type Group,
  type Timers,
  type WorkQueues,
  workId,
} from '../shared/controllers/manager/queue/index.ts';
import type { TimerTable } from '../shared/storage/dynamodb/timers.ts';
import { type Env, queueUrl } from './config.ts';

/** The queues of these groups, as the environment names them. Throws an error that names a missing variable. */
export function openQueues<G extends Group>(
  env: Env,
  groups: readonly G[],
  parts: { clock: Clock; ids: Ids },
): Record<G, MessageQueue> {
  const client = sqsClient();
  const opened = groups.map((group) => [group, openQueue({ client, url: queueUrl(env, group), ...parts })]);
  return Object.fromEntries(opened) as Record<G, MessageQueue>;
}

/** Work as messages. Work of a group without a queue here is not sent: its own function sends it. */
export const workQueues = (queues: Partial<Record<Group, MessageQueue>>): WorkQueues => ({
  send: async (group, orders) => {
    const queue = queues[group];
    if (!queue) return [...orders];
    const messages = orders.map(({ work, delayMs = 0 }) => ({ body: encodeWork(work), delayMs }));
    return (await queue.send(messages)).map((i) => orders[i]!);
  },
});

export const workTimers = (table: TimerTable): Timers => ({
  claim: (work, at) => table.claim(workId(work), at),
  release: (work, at) => table.release(workId(work), at),
});
