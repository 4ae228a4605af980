import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import { openSender } from '../sender.ts';
import type { QueueOptions } from './index.ts';

/** Messages of a queue that Lambda has received. */
export interface Received {
  /** Keeps a message hidden for so many seconds from now. */
  hide(receiptHandle: string, seconds: number): Promise<void>;
}

export function openReceived({ client, url, ...options }: QueueOptions): Received {
  const send = openSender(options);
  return {
    async hide(ReceiptHandle, VisibilityTimeout) {
      const command = new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout });
      await send('ChangeMessageVisibility', () => client.send(command));
    },
  };
}

const longestSeconds = 900;

/** Returns how long a message that failed so many times stays hidden: seconds, with jitter up to a quarter more. */
export const backOffSeconds = (receives: number, random: number): number =>
  Math.ceil(Math.min(longestSeconds, 2 ** (Math.min(receives, 16) + 1)) * (1 + random / 4));
