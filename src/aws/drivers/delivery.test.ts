import { createServer } from 'node:http';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import { DeliveryEnded, delivering, withinDelivery } from './delivery.ts';
import { mayPass } from './errors.ts';

test('D12: what a handler leaves unfinished sends nothing once it has answered', async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const client = withinDelivery(
    new SQSClient({
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
      md5: false,
    }),
  );
  const send = () => client.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'm' }));
  const thaw = Promise.withResolvers<void>();
  let late: Promise<unknown> | undefined;
  await delivering(async () => {
    await send();
    late = thaw.promise.then(send).catch((error: unknown) => error);
  });
  // Another delivery may be under way by then.
  await delivering(async () => {
    thaw.resolve();
    const error = await late;
    expect(error).toBeInstanceOf(DeliveryEnded);
    expect(mayPass(error)).toBe(false);
    expect(asked).toBe(1);
    await send();
  });
  expect(asked).toBe(2);
  client.destroy();
  server.close();
});

test('what a handler was reading goes on: the next delivery may wait for it', async () => {
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}'),
  );
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const client = withinDelivery(
    new SQSClient({
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    }),
  );
  const thaw = Promise.withResolvers<void>();
  let late: Promise<unknown> | undefined;
  await delivering(async () => {
    late = thaw.promise.then(() => client.send(new GetQueueAttributesCommand({ QueueUrl: 'q' })));
  });
  thaw.resolve();
  expect(await late).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  client.destroy();
  server.close();
});
