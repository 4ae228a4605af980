import { createServer } from 'node:http';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventBridgeClient } from './bus/client.ts';
import { dynamoClient } from './dynamodb/client.ts';
import { mayPass } from './errors.ts';
import { lambdaClient } from './functions/client.ts';
import { certificatesClient } from './ingresses/clients.ts';
import { kmsClient } from './kms/client.ts';
import { loadBalancerClients } from './loadBalancers/clients.ts';
import { route53Client } from './names/client.ts';
import { fargateClients } from './pods/clients.ts';
import { sqsClient } from './queues/client.ts';
import { requestHandler } from './requestHandler.ts';
import { secretsManagerClient } from './secrets/client.ts';
import { efsClient } from './volumes/client.ts';

const silent = createServer(() => {});
beforeAll(() => new Promise<void>((done) => void silent.listen(0, '127.0.0.1', done)));
afterAll(() => {
  silent.close();
  silent.closeAllConnections();
});

test('a request that nobody answers fails in time, and may be sent again', async () => {
  const { port } = silent.address() as { port: number };
  const client = new SQSClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    requestHandler: requestHandler(50),
  });
  const error = await client
    .send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'm' }))
    .catch((e) => e);
  expect(error).toMatchObject({ name: 'TimeoutError' });
  expect(mayPass(error)).toBe(true);
  client.destroy();
});

const clients = {
  dynamoClient: dynamoClient(),
  eventBridgeClient: eventBridgeClient(),
  lambdaClient: lambdaClient(1_000),
  certificatesClient: certificatesClient(),
  kmsClient: kmsClient(),
  route53Client: route53Client(),
  sqsClient: sqsClient(),
  secretsManagerClient: secretsManagerClient(),
  efsClient: efsClient(),
  ...loadBalancerClients(),
  ...fargateClients(),
};

test.each(Object.entries(clients))(
  '%s gives up what is not answered, and tries nothing again by itself',
  async (_, client) => {
    const handler = client.config.requestHandler as unknown as { configProvider: Promise<object> };
    expect(await handler.configProvider).toMatchObject({
      requestTimeout: expect.any(Number),
      throwOnRequestTimeout: true,
    });
    expect(await client.config.maxAttempts()).toBe(1);
  },
);
