import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudEvent } from '../../../src/shared/events/objectEvent.ts';

/** What a receiver took, in the order in which it did. */
export interface Taken {
  event: CloudEvent;
  messageId: string;
}

/** A receiver of webhooks that checks what it gets as a stranger would. */
export interface Receiver {
  url: string;
  /** What a signing key file says. */
  keyText: string;
  taken: Taken[];
  /** What was wrong with what came. */
  wrong: string[];
  attempts: number;
  close(): Promise<void>;
}

/** Answers in place of taking an event; undefined: it is taken. */
type Refuse = (event: CloudEvent, response: ServerResponse, request: IncomingMessage) => boolean;

/** Opens a receiver. `refuse` says which events it does not take, and answers them itself. */
export async function openReceiver(refuse: Refuse = () => false): Promise<Receiver> {
  const key = randomBytes(32);
  const receiver: Receiver = {
    url: '',
    keyText: `whsec_${key.toString('base64')}\n`,
    taken: [],
    wrong: [],
    attempts: 0,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return;
    }
    receiver.attempts++;
    const body = Buffer.concat(parts).toString();
    const header = (name: string) => String(request.headers[name] ?? '');
    const messageId = header('webhook-id');
    const timestamp = header('webhook-timestamp');
    const signed = createHmac('sha256', key).update(`${messageId}.${timestamp}.${body}`).digest('base64');
    if (header('webhook-signature') !== `v1,${signed}`) receiver.wrong.push(`signature of ${messageId}`);
    if (Math.abs(Number(timestamp) - Date.now() / 1000) > 60) receiver.wrong.push(`time of ${messageId}`);
    if (!header('content-type').startsWith('application/cloudevents+json'))
      receiver.wrong.push(`content type of ${messageId}`);
    const event = JSON.parse(body) as CloudEvent;
    if (refuse(event, response, request)) return;
    receiver.taken.push({ event, messageId });
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return receiver;
}

/** By object, the revisions that were taken, in their order. */
export function revisionsTaken({ taken }: Receiver): Map<string, number[]> {
  const revisions = new Map<string, number[]>();
  for (const { event } of taken) {
    const revision = Number(event.id.split('/').at(-1));
    revisions.set(event.subject, [...(revisions.get(event.subject) ?? []), revision]);
  }
  return revisions;
}

/** Says which objects were told out of order. An event that comes twice comes twice in a row. */
export const outOfOrder = (receiver: Receiver): string[] =>
  [...revisionsTaken(receiver)].flatMap(([subject, revisions]) =>
    revisions.some((revision, i) => revision < (revisions[i - 1] ?? 0)) ? subject : [],
  );
