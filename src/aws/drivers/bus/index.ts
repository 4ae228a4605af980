import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { openSender, type SenderOptions } from '../sender.ts';
import { type BusEvent, batchesOf, entryOf } from './requests.ts';

export type { BusEvent } from './requests.ts';

export interface BusOptions extends SenderOptions {
  client: Pick<EventBridgeClient, 'send'>;
  /** Name or ARN of the bus. */
  bus: string;
}

/** An EventBridge bus. */
export interface EventBus {
  /** Puts all, in as few requests as EventBridge allows. Answers the indexes of those that it did not take. */
  put(events: readonly BusEvent[]): Promise<number[]>;
}

const rounds = 3;
const pauseMs = 200;

export function openEventBus({ client, bus, ...options }: BusOptions): EventBus {
  const { clock, ids } = options;
  const send = openSender(options);
  const putOnce = async (events: readonly BusEvent[]): Promise<number[]> => {
    const failed = await Promise.all(
      batchesOf(events).map(async (batch) => {
        const command = new PutEventsCommand({ Entries: batch.map((i) => entryOf(bus, events[i]!)) });
        try {
          // An answer of 200 may still say that some were not taken.
          const { Entries = [] } = await send('PutEvents', () => client.send(command));
          return batch.filter((_, n) => Entries[n]?.ErrorCode);
        } catch {
          return batch;
        }
      }),
    );
    return failed.flat();
  };
  return {
    async put(events) {
      let unsent = events.map((_, i) => i);
      for (let round = 1; unsent.length > 0; round++) {
        const failed = await putOnce(unsent.map((i) => events[i]!));
        unsent = failed.map((i) => unsent[i]!);
        if (round === rounds) break;
        if (unsent.length > 0) await clock.sleep(Math.ceil(ids.random() * pauseMs * round));
      }
      return unsent;
    },
  };
}
