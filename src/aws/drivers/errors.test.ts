import { createServer, type Server } from 'node:http';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mayPass as storageMayPass } from './dynamodb/sender.ts';
import { mayPass, reasonOf } from './errors.ts';

/** Answers everything alike. */
let answer = { status: 500, body: '' };
let server: Server;
let settings: object;
beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(answer.status).end(answer.body));
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  settings = {
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  };
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const asked: Record<string, () => Promise<unknown>> = {
  ELB: () => new ElasticLoadBalancingV2Client(settings).send(new DescribeLoadBalancersCommand({})),
  EC2: () => new EC2Client(settings).send(new DescribeSecurityGroupsCommand({})),
  'Route 53': () =>
    new Route53Client(settings).send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z' })),
  SQS: () => new SQSClient(settings).send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'm' })),
  DynamoDB: () => new DynamoDBClient(settings).send(new GetItemCommand({ TableName: 't', Key: {} })),
};
const html = '<html><body>Service Unavailable</body></html>';
const failureOf = (name: string) =>
  asked[name]!().then(
    () => ({}),
    (error: object) => error,
  );

test.each(Object.keys(asked))(
  'what a server of %s or something before it could not do may pass',
  async (name) => {
    for (const body of ['', html])
      for (const status of [500, 502, 503]) {
        answer = { status, body };
        const error = await failureOf(name);
        expect([status, body, mayPass(error), storageMayPass(error)]).toEqual([status, body, true, true]);
      }
  },
);

const queryError = (code: string) => `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`;
const ec2Error = (code: string) =>
  `<Response><Errors><Error><Code>${code}</Code></Error></Errors></Response>`;
const jsonError = (code: string) => JSON.stringify({ __type: `x#${code}` });

test.each([
  ['ELB', 400, queryError('Throttling'), 'ServiceUnavailable'],
  ['ELB', 400, queryError('DuplicateLoadBalancerName'), 'AlreadyExists'],
  ['ELB', 400, queryError('LoadBalancerNotFound'), 'NotFound'],
  ['ELB', 400, queryError('ResourceInUse'), 'Conflict'],
  ['ELB', 400, queryError('TooManyLoadBalancers'), 'TooManyRequests'],
  ['ELB', 403, queryError('AccessDenied'), 'Forbidden'],
  ['EC2', 503, ec2Error('RequestLimitExceeded'), 'ServiceUnavailable'],
  ['EC2', 400, ec2Error('EC2ThrottledException'), 'ServiceUnavailable'],
  ['EC2', 400, ec2Error('InvalidGroup.NotFound'), 'NotFound'],
  ['EC2', 400, ec2Error('InvalidPermission.Duplicate'), 'AlreadyExists'],
  ['EC2', 400, ec2Error('DependencyViolation'), 'Conflict'],
  ['EC2', 400, ec2Error('RulesPerSecurityGroupLimitExceeded'), 'TooManyRequests'],
  ['EC2', 403, ec2Error('UnauthorizedOperation'), 'Forbidden'],
  ['Route 53', 400, queryError('Throttling'), 'ServiceUnavailable'],
  ['Route 53', 400, queryError('PriorRequestNotComplete'), 'ServiceUnavailable'],
  ['Route 53', 404, queryError('NoSuchHostedZone'), 'NotFound'],
  ['Route 53', 400, queryError('LimitsExceeded'), 'TooManyRequests'],
  ['SQS', 400, jsonError('RequestThrottled'), 'ServiceUnavailable'],
  ['SQS', 400, jsonError('QueueDoesNotExist'), 'NotFound'],
])('%s: %d %s is %s', async (name, status, body, reason) => {
  answer = { status, body };
  expect(reasonOf(await failureOf(name))).toBe(reason);
});
