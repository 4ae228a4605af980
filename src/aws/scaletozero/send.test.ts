import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { ALBEvent } from 'aws-lambda';
import { longestAnswer, requestOf, resultOf } from './message.ts';
import { send } from './send.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function program(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const longMs = 60_000;
const event = (more: Partial<ALBEvent>): ALBEvent => ({
  requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:r:1:targetgroup/g/1' } },
  httpMethod: 'GET',
  path: '/',
  multiValueHeaders: { host: ['a'] },
  body: null,
  isBase64Encoded: false,
  ...more,
});

test('a request arrives as it was sent, and its answer goes back whole', async () => {
  const port = await program(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.setHeader('connection', 'close');
    response.statusCode = 201;
    response.end(
      `${request.method} ${request.url} ${request.headers.host} ${request.headers['x-a']} ${body}`,
    );
  });
  const asked = requestOf(
    event({
      httpMethod: 'POST',
      path: '/a%20b',
      multiValueQueryStringParameters: { q: ['1%2F2', '3'], r: [''] },
      multiValueHeaders: { host: ['shop.example.com'], 'x-a': ['1', '2'], connection: ['keep-alive'] },
      body: Buffer.from([0xe2, 0x82, 0xac]).toString('base64'),
      isBase64Encoded: true,
    }),
  );
  const answered = await send({ address: '127.0.0.1', port, isSecure: false }, asked, longMs);
  expect(answered?.body.toString()).toBe('POST /a%20b?q=1%2F2&q=3&r= shop.example.com 1, 2 €');
  expect(resultOf(answered!)).toMatchObject({
    statusCode: 201,
    statusDescription: '201 Created',
    multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
    isBase64Encoded: true,
  });
  expect(Object.keys(resultOf(answered!).multiValueHeaders!)).not.toContain('connection');
});

test('one that nobody accepts was not heard, and may be sent elsewhere', async () => {
  const port = await program(() => {});
  const [server] = servers.splice(0);
  await new Promise((resolve) => server!.close(resolve));
  expect(
    await send({ address: '127.0.0.1', port, isSecure: false }, requestOf(event({})), longMs),
  ).toBeUndefined();
});

test('one that was accepted and not answered is not sent again', async () => {
  const port = await program((request) => void request.socket.destroy());
  const answered = await send({ address: '127.0.0.1', port, isSecure: false }, requestOf(event({})), longMs);
  expect(answered?.status).toBe(502);
});

test('an answer that is too long is read no further than it can be passed on', async () => {
  let isOver = false;
  const part = Buffer.alloc(100_000);
  const port = await program((_, response) => {
    const more = () => {
      while (!isOver && response.write(part));
      response.once('drain', more);
    };
    response.on('close', () => {
      isOver = true;
    });
    more();
  });
  const answered = await send({ address: '127.0.0.1', port, isSecure: false }, requestOf(event({})), longMs);
  expect(answered).toMatchObject({ status: 200, isCut: true });
  expect(answered!.body.length).toBeLessThan(2 * longestAnswer);
});

test('an answer that does not end is cut when its time is over', async () => {
  const port = await program((_, response) => void response.write('data: 1\n\n'));
  const answered = await send({ address: '127.0.0.1', port, isSecure: false }, requestOf(event({})), 500);
  expect(answered).toMatchObject({ status: 200, isCut: true });
  expect(answered!.body.toString()).toBe('data: 1\n\n');
});

test('one that is not answered in time is not sent again', async () => {
  const port = await program(() => {});
  const answered = await send({ address: '127.0.0.1', port, isSecure: false }, requestOf(event({})), 500);
  expect(answered?.status).toBe(504);
});
