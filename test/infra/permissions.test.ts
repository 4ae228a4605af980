import { expect, test } from '@jest/globals';
import { allowancesOf, synthesise } from '../support/aws/template.ts';
import { sources } from '../support/sources.ts';

const services: Record<string, string> = {
  'cloudwatch-logs': 'logs',
  dynamodb: 'dynamodb',
  ec2: 'ec2',
  ecs: 'ecs',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  eventbridge: 'events',
  kms: 'kms',
  'route-53': 'route53',
  'secrets-manager': 'secretsmanager',
  sqs: 'sqs',
};

/** Calls that are allowed by the names of others. */
const byOtherNames: Record<string, string[]> = {
  'dynamodb:TransactWriteItems': ['dynamodb:PutItem', 'dynamodb:DeleteItem'],
  'sqs:SendMessageBatch': ['sqs:SendMessage'],
};

/** Actions that no source asks for by a call, and who needs them. */
const neededOtherwise: Record<string, string> = {
  'dynamodb:ConditionCheckItem': 'conditions in transactions',
  'dynamodb:DescribeStream': 'Lambda, to read the stream',
  'dynamodb:GetRecords': 'Lambda, to read the stream',
  'dynamodb:GetShardIterator': 'Lambda, to read the stream',
  'dynamodb:ListStreams': 'Lambda, to read the stream',
  'ec2:CreateTags': 'tags given as groups are made',
  'ecr:BatchCheckLayerAvailability': 'ECS, to pull images',
  'ecr:BatchGetImage': 'ECS, to pull images',
  'ecr:GetAuthorizationToken': 'ECS, to pull images',
  'ecr:GetDownloadUrlForLayer': 'ECS, to pull images',
  'ecs:DeleteTaskDefinitions': 'the drain',
  'ecs:DeregisterTaskDefinition': 'the drain',
  'ecs:ListTaskDefinitions': 'the drain',
  'ecs:TagResource': 'tags given as tasks are started',
  'iam:PassRole': 'roles of tasks',
  'kms:Encrypt': 'DynamoDB, with the key of the table',
  'kms:DescribeKey': 'DynamoDB, with the key of the table',
  'lambda:InvokeFunction': 'the schedule',
  'logs:CreateLogStream': 'Lambda and ECS, to write logs',
  'logs:PutLogEvents': 'Lambda and ECS, to write logs',
  'secretsmanager:GetSecretValue': 'ECS, to inject Secrets',
  'sqs:ReceiveMessage': 'Lambda, to read queues',
  'sqs:DeleteMessage': 'Lambda, to read queues',
  'sqs:GetQueueAttributes': 'Lambda, to read queues',
  'ssmmessages:CreateControlChannel': 'ECS Exec',
  'ssmmessages:CreateDataChannel': 'ECS Exec',
  'ssmmessages:OpenControlChannel': 'ECS Exec',
  'ssmmessages:OpenDataChannel': 'ECS Exec',
};

const called = new Set(
  ['src/shared/cloud/aws', 'src/shared/storage/dynamodb', 'src/aws']
    .flatMap((folder) => sources(folder))
    .filter(({ path }) => !/\.test\.ts$/.test(path))
    .flatMap(({ text }) => callsIn(text)),
);
const allowed = new Set(allowancesOf(synthesise({ events: 'true' })).flatMap(({ actions }) => actions));

/** `ecs:RunTask` for each command that a source makes. */
function callsIn(text: string): string[] {
  const imports = [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)];
  return imports.flatMap(([, names = '', client = '']) =>
    [...names.matchAll(/(?<!type )\b(\w+)Command\b/g)].map(([, name]) => `${services[client]}:${name}`),
  );
}

test('every call that a source makes is allowed to somebody', () => {
  expect(called.size).toBeGreaterThan(20);
  const needed = [...called].flatMap((call) => byOtherNames[call] ?? [call]);
  expect(needed.filter((action) => !allowed.has(action)).sort()).toEqual([]);
});

test('nothing is allowed that nobody needs', () => {
  const needed = new Set([...called].flatMap((call) => byOtherNames[call] ?? [call]));
  expect([...allowed].filter((action) => !needed.has(action) && !neededOtherwise[action]).sort()).toEqual([]);
});
