import type {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  SendMessageBatchRequestEntry,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { mostTries } from '../../../src/aws/names.ts';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import { some } from './some.ts';

/** What may happen to a message or a stream record, as probabilities, and how late it may come (milliseconds). */
export interface Delivery {
  drop: number;
  duplicate: number;
  lateMs: number;
}

export interface Message {
  id: string;
  body: string;
  attributes: SendMessageBatchRequestEntry['MessageAttributes'];
  sentAt: number;
  visibleAt: number;
  receives: number;
}

/** A standard queue of SQS: at least once, in no order, each message hidden while somebody works on it. */
export class SimulatedQueue {
  delivery: Delivery = { drop: 0, duplicate: 0, lateMs: 0 };
  sent = 0;
  /** Calls of SQS. */
  requests = 0;
  /** What was received too often. */
  readonly dead: Message[] = [];
  readonly #messages = new Map<string, Message>();
  /** When the next one becomes visible; undefined: to be found out. */
  #nextAt: number | undefined;
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  readonly client: Pick<SQSClient, 'send'> = {
    send: (async (command: SendMessageBatchCommand | ChangeMessageVisibilityCommand) => {
      const { input } = command;
      this.requests++;
      if ('ReceiptHandle' in input) {
        const message = this.#messages.get(input.ReceiptHandle ?? '');
        if (message) message.visibleAt = this.#clock.now() + (input.VisibilityTimeout ?? 0) * 1_000;
        this.#nextAt = undefined;
        return {};
      }
      if ('Entries' in input)
        for (const { MessageBody = '', MessageAttributes, DelaySeconds = 0 } of input.Entries ?? [])
          this.put(MessageBody, MessageAttributes, DelaySeconds * 1_000);
      return { Failed: [] };
    }) as SQSClient['send'],
  };

  put(body: string, attributes?: Message['attributes'], delayMs = 0): void {
    const { drop, duplicate, lateMs } = this.delivery;
    const add = () => {
      const id = `m${++this.sent}`;
      const sentAt = this.#clock.now();
      const visibleAt = sentAt + delayMs + Math.floor(this.#random() * lateMs);
      this.#messages.set(id, { id, body, attributes, sentAt, visibleAt, receives: 0 });
      if (this.#nextAt !== undefined) this.#nextAt = Math.min(this.#nextAt, visibleAt);
    };
    if (this.#random() >= drop) add();
    if (this.#random() < duplicate) add();
  }

  /** Up to `most` visible messages, any of them, hidden for `hiddenMs`. */
  receive(most: number, hiddenMs: number): Message[] {
    const now = this.#clock.now();
    const visible = [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= now);
    const taken = some(visible, most, this.#random);
    this.#nextAt = undefined;
    for (const message of taken) {
      message.visibleAt = now + hiddenMs;
      if (++message.receives <= mostTries) continue;
      this.delete(message.id);
      this.dead.push(message);
    }
    return taken.filter(({ receives }) => receives <= mostTries);
  }

  delete(id: string): void {
    this.#messages.delete(id);
    this.#nextAt = undefined;
  }

  /** When the next message becomes visible; Infinity: none is there. */
  get nextAt(): number {
    if (this.#nextAt !== undefined) return this.#nextAt;
    let next = Number.POSITIVE_INFINITY;
    for (const { visibleAt } of this.#messages.values()) next = Math.min(next, visibleAt);
    this.#nextAt = next;
    return next;
  }

  get bodies(): string[] {
    return [...this.#messages.values()].map(({ body }) => body);
  }
}

/** As Lambda hands them over. */
export const sqsEvent = (messages: readonly Message[]): SQSEvent => ({
  Records: messages.map(({ id, body, attributes = {}, sentAt, receives }) => ({
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sentAt),
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { StringValue = '' }]) => [
        name,
        { dataType: 'String', stringValue: StringValue },
      ]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: 'us-east-1',
  })),
});
