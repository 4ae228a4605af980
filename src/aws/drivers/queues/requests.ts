import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';

export interface QueueMessage {
  body: string;
  /** Is what stands beside the body, as texts. */
  attributes?: Record<string, string>;
  /** Until it is delivered; at most 900,000, rounded up to seconds. */
  delayMs?: number;
  /** For whom it is: SQS sees to it that one who sends much does not keep others waiting. */
  tenant?: string;
}

/** SQS takes no more in one request. */
const mostMessages = 10;
const mostBytes = 262_144;
const longestDelaySeconds = 900;
const mostGroupChars = 128;

/** Messages in groups that one request takes, in their order; each with its index. */
export function batchesOf(messages: readonly QueueMessage[]): { message: QueueMessage; index: number }[][] {
  const batches: { message: QueueMessage; index: number }[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [index, message] of messages.entries()) {
    const length = sizeOf(message);
    if (bytes + length > mostBytes || batches.at(-1)!.length === mostMessages) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)!.push({ message, index });
    bytes += length;
  }
  return batches;
}

const textType = 'String';

/** As SQS counts: names, types and values of attributes too. */
const sizeOf = ({ body, attributes = {} }: QueueMessage): number =>
  Object.entries(attributes)
    .flatMap(([name, value]) => [name, textType, value])
    .reduce((sum, text) => sum + Buffer.byteLength(text), Buffer.byteLength(body));

/** The ids of the entries are the indexes. */
export const sendRequest = (
  url: string,
  batch: readonly { message: QueueMessage; index: number }[],
): SendMessageBatchCommandInput => ({
  QueueUrl: url,
  Entries: batch.map(({ message: { body, attributes, delayMs = 0, tenant }, index }) => ({
    Id: String(index),
    MessageBody: body,
    ...(attributes && { MessageAttributes: attributeValues(attributes) }),
    // Of a standard queue it makes a fair one; it orders nothing there.
    ...(tenant && { MessageGroupId: tenant.slice(0, mostGroupChars) }),
    ...(delayMs > 0 && { DelaySeconds: Math.min(longestDelaySeconds, Math.ceil(delayMs / 1_000)) }),
  })),
});

const attributeValues = (attributes: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: textType, StringValue }]),
  );
