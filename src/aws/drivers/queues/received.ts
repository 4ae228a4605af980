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

/** Urgent messages wait no longer than this at first: seconds by the times they failed. */
const urgentSeconds = [2, 2, 4, 8];

/**
 * Returns how long a message that failed so many times stays hidden: seconds, with jitter up to a quarter more. One that is
 * urgent is tried again sooner, and then as late as any other.
 */
export function backOffSeconds(receives: number, random: number, isUrgent = false): number {
  const usual = Math.min(longestSeconds, 2 ** (Math.min(receives, 16) + 1));
  const seconds = (isUrgent && urgentSeconds[receives - 1]) || usual;
  return Math.ceil(seconds * (1 + random / 4));
}
