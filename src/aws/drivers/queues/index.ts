import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { openSender, type SenderOptions } from '../sender.ts';
import { batchesOf, type QueueMessage, sendRequest } from './requests.ts';

export type { QueueMessage } from './requests.ts';

export interface QueueOptions extends SenderOptions {
  client: Pick<SQSClient, 'send'>;
  url: string;
}

/** An SQS standard queue, to send to. */
export interface MessageQueue {
  /** Sends all, in as few requests as SQS allows. Answers the indexes of those that it did not take. */
  send(messages: readonly QueueMessage[]): Promise<number[]>;
}

const requestsAtOnce = 8;
const rounds = 3;
const pauseMs = 200;

export function openQueue({ client, url, ...options }: QueueOptions): MessageQueue {
  const { clock, ids } = options;
  const send = openSender(options);

  /** Indexes within `messages`; `again`: the failure was the service's and may pass. */
  const sendOnce = async (messages: readonly QueueMessage[]) => {
    const failed: { index: number; again: boolean }[] = [];
    const batches = batchesOf(messages);
    const lane = async () => {
      for (let batch = batches.shift(); batch; batch = batches.shift()) {
        const command = new SendMessageBatchCommand(sendRequest(url, batch));
        try {
          const { Failed = [] } = await send('SendMessageBatch', () => client.send(command));
          failed.push(...Failed.map(({ Id, SenderFault }) => ({ index: Number(Id), again: !SenderFault })));
        } catch {
          // Tried often enough already.
          failed.push(...batch.map(({ index }) => ({ index, again: false })));
        }
      }
    };
    await Promise.all(Array.from({ length: requestsAtOnce }, lane));
    return failed;
  };

  return {
    async send(messages) {
      const unsent: number[] = [];
      let left = messages.map((_, i) => i);
      for (let round = 1; left.length > 0; round++) {
        const failed = await sendOnce(left.map((i) => messages[i]!));
        const final = failed.filter(({ again }) => !again || round === rounds);
        unsent.push(...final.map(({ index }) => left[index]!));
        left = failed.filter((each) => !final.includes(each)).map(({ index }) => left[index]!);
        if (left.length > 0) await clock.sleep(Math.ceil(ids.random() * pauseMs * round));
      }
      return unsent;
    },
  };
}
