import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { accountOf, contextArgs } from '../../tools/cdk.ts';
import { ensureEcsRole } from '../../tools/ecsRole.ts';

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

test.each([
  [['-c', 'name=dev'], {}, {}],
  [
    ['--profile', 'team'],
    { AWS_DEFAULT_REGION: 'eu-west-1' },
    { AWS_PROFILE: 'team', AWS_REGION: 'eu-west-1' },
  ],
  [
    ['--profile=team'],
    { AWS_PROFILE: 'me', AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'eu-west-1' },
    { AWS_PROFILE: 'team', AWS_REGION: 'us-east-1' },
  ],
])('with %j and %j the account is asked as %j', (args, env, asked) =>
  expect(accountOf(args, env)).toEqual(asked),
);

test.each([
  { iam: 'makes it', status: 200, answer: '<CreateServiceLinkedRoleResponse/>', why: undefined },
  {
    iam: 'has it',
    status: 400,
    answer: error('InvalidInput', 'Service role name AWSServiceRoleForECS has been taken in this account'),
    why: undefined,
  },
  { iam: 'refuses', status: 403, answer: error('AccessDenied', 'not yours'), why: 'not yours' },
])('the role of ECS is asked for before anything else; IAM $iam', async ({ status, answer, why }) => {
  const asked: string[] = [];
  const iam = createServer(async (request, response) => {
    asked.push(await text(request));
    response.writeHead(status, { 'content-type': 'text/xml' }).end(answer);
  }).listen(0, '127.0.0.1');
  await once(iam, 'listening');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_IAM: `http://127.0.0.1:${(iam.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  });
  try {
    expect(await ensureEcsRole()).toBe(why);
    expect(Object.fromEntries(new URLSearchParams(asked[0]))).toMatchObject({
      Action: 'CreateServiceLinkedRole',
      AWSServiceName: 'ecs.amazonaws.com',
    });
  } finally {
    iam.close();
    iam.closeAllConnections();
  }
});

function error(code: string, message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}
