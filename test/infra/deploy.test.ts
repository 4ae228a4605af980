import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { accountOf, contextArgs } from '../../tools/cdk.ts';
import { ensureEcsRole } from '../../tools/ecsRole.ts';

const creatorArn = 'arn:aws:iam::111111111111:user/me';

/** Something in the place of services, by the names of their variables. */
async function answering(services: string[], answer: (asked: string) => [status: number, body: string]) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    asked.push(`${request.url}${await text(request)}`);
    const [status, body] = answer(asked.at(-1)!);
    const type = body.startsWith('<') ? 'text/xml' : 'application/json';
    response.writeHead(status, { 'content-type': type }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const service of services) process.env[`AWS_ENDPOINT_URL_${service}`] = `http://127.0.0.1:${port}`;
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  });
  return {
    asked,
    [Symbol.dispose]: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

test('a deployment knows how much its account may run at the same time, unless it is told', async () => {
  const given = { creatorArn, gatewayLogRole: 'true' };
  {
    using lambda = await answering(['LAMBDA'], () => [200, '{"AccountLimit":{"ConcurrentExecutions":10}}']);
    expect(await contextArgs(given)).toContain('concurrency=10');
    expect(lambda.asked).toEqual(['/2016-08-19/account-settings']);
    expect(await contextArgs({ ...given, concurrency: '7' })).toContain('concurrency=7');
    expect(lambda.asked).toHaveLength(1);
  }
  // Nobody answers any more: the app has its own default.
  expect(await contextArgs(given)).toEqual(['-c', `creatorArn=${creatorArn}`, '-c', 'gatewayLogRole=true']);
});

test.each([
  {
    account: 'has nothing reserved',
    limit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 },
    reserve: 'true',
  },
  {
    account: 'is young',
    limit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 },
    reserve: 'false',
  },
  {
    account: 'has little left',
    limit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 150 },
    reserve: 'false',
  },
  {
    account: 'has little left, since this deployment reserved it',
    limit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 150 },
    reserved: 20,
    reserve: 'true',
  },
])(
  'D8: controllers keep executions where the account $account: $reserve',
  async ({ limit, reserved, reserve }) => {
    using _ = await answering(['LAMBDA'], (asked) =>
      asked.endsWith('account-settings')
        ? [200, JSON.stringify({ AccountLimit: limit })]
        : [200, JSON.stringify({ ReservedConcurrentExecutions: reserved })],
    );
    const args = await contextArgs({ name: 'dev', creatorArn, gatewayLogRole: 'true' });
    expect(args).toContain(`reserve=${reserve}`);
  },
);

const roleArn = (name: string) => `{"cloudwatchRoleArn":"arn:aws:iam::111111111111:role/${name}"}`;
test.each([
  { there: 'none', account: '{}', makes: true },
  { there: 'its own', account: roleArn('shallop-dev-ApiLogRoleD1C39F22-x'), makes: true },
  { there: "another API's", account: roleArn('team/logs'), iam: [200, found('logs')] as const, makes: false },
  {
    there: 'a deleted one',
    account: roleArn('shallop-old-ApiLogRole-x'),
    iam: [404, error('NoSuchEntity', 'not there')] as const,
    makes: true,
  },
])('of the role for the logs of API Gateway there is $there: one is made: $makes', async (each) => {
  const { account, iam = [500, ''], makes } = each;
  using _ = await answering(['API_GATEWAY', 'IAM'], (asked) =>
    asked === '/account' ? [200, account] : [...iam],
  );
  const args = await contextArgs({ name: 'dev', creatorArn, concurrency: '10' });
  expect(args).toContain(`gatewayLogRole=${makes}`);
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
  using iam = await answering(['IAM'], () => [status, answer]);
  expect(await ensureEcsRole()).toBe(why);
  expect(Object.fromEntries(new URLSearchParams(iam.asked[0]!.slice(1)))).toMatchObject({
    Action: 'CreateServiceLinkedRole',
    AWSServiceName: 'ecs.amazonaws.com',
  });
});

function error(code: string, message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}

function found(name: string): string {
  return `<GetRoleResponse><GetRoleResult><Role><RoleName>${name}</RoleName></Role></GetRoleResult></GetRoleResponse>`;
}
