import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { contextArgs } from '../../tools/cdk.ts';

test('a deployment knows how much its account may run at the same time, unless it is told', async () => {
  const asked: string[] = [];
  const lambda = createServer((request, response) => {
    asked.push(request.url ?? '');
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ AccountLimit: { ConcurrentExecutions: 10 } }));
  }).listen(0, '127.0.0.1');
  await once(lambda, 'listening');
  const { port } = lambda.address() as AddressInfo;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  });
  const creatorArn = 'arn:aws:iam::111111111111:user/me';
  try {
    expect(await contextArgs({ creatorArn })).toEqual([
      '-c',
      `creatorArn=${creatorArn}`,
      '-c',
      'concurrency=10',
    ]);
    expect(asked).toEqual(['/2016-08-19/account-settings']);
    expect(await contextArgs({ creatorArn, concurrency: '7' })).toContain('concurrency=7');
    expect(asked).toHaveLength(1);
  } finally {
    lambda.close();
    lambda.closeAllConnections();
  }
  // Nobody answers any more: the app has its own default.
  expect(await contextArgs({ creatorArn })).toEqual(['-c', `creatorArn=${creatorArn}`]);
});
