import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';

export interface QueueMessage {
  body: string;
  /** Until it is delivered; at most 900,000, rounded up to seconds. */
  delayMs?: number;
}

/** SQS takes no more in one request. */
const mostMessages = 10;
const mostBytes = 262_144;
const longestDelaySeconds = 900;

/** Messages in groups that one request takes, in their order; each with its index. */
export function batchesOf(messages: readonly QueueMessage[]): { message: QueueMessage; index: number }[][] {
  const batches: { message: QueueMessage; index: number }[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [index, message] of messages.entries()) {
    const length = Buffer.byteLength(message.body);
    if (bytes + length > mostBytes || batches.at(-1)!.length === mostMessages) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)!.push({ message, index });
    bytes += length;
  }
  return batches;
}

/** The ids of the entries are the indexes. */
export const sendRequest = (
  url: string,
  batch: readonly { message: QueueMessage; index: number }[],
): SendMessageBatchCommandInput => ({
  QueueUrl: url,
  Entries: batch.map(({ message: { body, delayMs = 0 }, index }) => ({
    Id: String(index),
    MessageBody: body,
    ...(delayMs > 0 && { DelaySeconds: Math.min(longestDelaySeconds, Math.ceil(delayMs / 1_000)) }),
  })),
});

/** How long a message that failed so many times stays hidden: seconds, with jitter up to a quarter more. */
export const backOffSeconds = (receives: number, random: number): number =>
  Math.ceil(Math.min(longestDelaySeconds, 2 ** (Math.min(receives, 16) + 1)) * (1 + random / 4));
