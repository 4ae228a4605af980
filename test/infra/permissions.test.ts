import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { type FunctionName, functionNames } from '../../src/aws/watched/index.ts';
import { allowancesOf, resourcesOf, synthesise } from '../support/aws/template.ts';

const services: Record<string, string> = {
  acm: 'acm',
  cloudwatch: 'cloudwatch',
  'cloudwatch-logs': 'logs',
  dynamodb: 'dynamodb',
  ec2: 'ec2',
  ecs: 'ecs',
  efs: 'elasticfilesystem',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  eventbridge: 'events',
  kms: 'kms',
  lambda: 'lambda',
  'route-53': 'route53',
  'secrets-manager': 'secretsmanager',
  sqs: 'sqs',
  ssm: 'ssm',
};

/** Calls that are allowed by the names of others. */
const byOtherNames: Record<string, string[]> = {
  'dynamodb:TransactWriteItems': ['dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
  'lambda:Invoke': ['lambda:InvokeFunction'],
  'sqs:SendMessageBatch': ['sqs:SendMessage'],
};

/** Actions that no source asks for by a call, and who needs them. */
const neededOtherwise: Record<string, string> = {
  'dynamodb:DescribeStream': 'Lambda, to read the stream',
  'dynamodb:GetRecords': 'Lambda, to read the stream',
  'dynamodb:GetShardIterator': 'Lambda, to read the stream',
  'dynamodb:ListStreams': 'Lambda, to read the stream',
  'ec2:CreateTags': 'tags given as groups are made',
  ...Object.fromEntries(
    [
      'DescribeAccountAttributes',
      'DescribeAddresses',
      'DescribeInstances',
      'DescribeInternetGateways',
      'DescribeSubnets',
      'DescribeVpcs',
      'GetSecurityGroupsForVpc',
    ].map((action) => [
      `ec2:${action}`,
      'ELB, in the name of who makes load balancers and target groups or registers targets',
    ]),
  ),
  'ecs:TagResource': 'tags given as tasks are started',
  'elasticfilesystem:TagResource': 'tags given as access points are made',
  'iam:CreateServiceLinkedRole': 'ELB and ECS, the first time in an account',
  'iam:PassRole': 'roles of tasks',
  'kms:Decrypt': 'Lambda, for the variables of functions',
  'kms:DescribeKey': 'DynamoDB, with the key of the table',
  'kms:Encrypt': 'DynamoDB, with the key of the table',
  'ec2:AssignPrivateIpAddresses': 'Lambda, to stand in a network',
  'ec2:CreateNetworkInterface': 'Lambda, to stand in a network',
  'ec2:DeleteNetworkInterface': 'Lambda, to stand in a network',
  'ec2:DescribeNetworkInterfaces': 'Lambda, to stand in a network',
  'ec2:DescribeSubnets': 'Lambda, to stand in a network',
  'ec2:UnassignPrivateIpAddresses': 'Lambda, to stand in a network',
  'logs:CreateLogStream': 'Lambda, to write logs',
  'logs:PutLogEvents': 'Lambda, to write logs',
  'sqs:DeleteMessage': 'Lambda, to read queues',
  'sqs:GetQueueAttributes': 'Lambda, to read queues',
  'sqs:ReceiveMessage': 'Lambda, to read queues',
};

/** What Lambda does for one function: it puts a run that failed aside. */
const setsAside: FunctionName[] = ['sleeper'];

const vaultWrites = ['CreateSecret', 'DeleteSecret', 'ListSecrets', 'TagResource', 'UpdateSecret'];
/** Calls that are in a function's sources and that it never makes: it may not. */
const neverMade: Partial<Record<FunctionName, Record<string, string[]>>> = {
  api: {
    'it reads logs through the Pods driver': [
      'ecs:DeleteTaskDefinitions',
      'ecs:DeregisterTaskDefinition',
      'ecs:ListTaskDefinitions',
      'ecs:RegisterTaskDefinition',
      'ecs:RunTask',
      'ecs:StopTask',
    ],
  },
  'reconcile-pods': {
    'it finds copies of Secrets, others make them': vaultWrites.map((call) => `secretsmanager:${call}`),
  },
  sleeper: {
    'it looks at rules and what they lead to': [
      'ec2:DescribeSecurityGroups',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
  },
  drain: {
    'it removes copies of Secrets': ['CreateSecret', 'DescribeSecret', 'TagResource', 'UpdateSecret'].map(
      (call) => `secretsmanager:${call}`,
    ),
  },
};

const template = synthesise({ events: 'true', scaleToZero: 'true' });
const allowances = allowancesOf(template);

let calls: Map<string, string[]>;
beforeAll(async () => {
  calls = await callsOfFunctions();
});

// The sources that esbuild puts into a function's bundle tell what it may ever call.
describe.each(functionNames)('the function %s', (name) => {
  test('may make every call that is in its sources, and nothing else', () => {
    const never = Object.values(neverMade[name] ?? {}).flat();
    const called = calls.get(name)!.filter((call) => !never.includes(call));
    const needed = called.flatMap((call) => byOtherNames[call] ?? [call]);
    const role = roleOf(name);
    const allowed = new Set(
      allowances.filter((each) => each.role === role).flatMap(({ actions }) => actions),
    );
    expect(needed.filter((action) => !allowed.has(action))).toEqual([]);
    const surplus = [...allowed].filter((action) => !needed.includes(action) && !neededOtherwise[action]);
    expect(surplus).toEqual(setsAside.includes(name) ? ['sqs:SendMessage'] : []);
  });
});

test('what is found by its tags gets them as it is made, or when it is ours already', () => {
  const byTags = ['elasticloadbalancing:AddTags', 'ec2:CreateTags', 'elasticfilesystem:TagResource'];
  const tagging = allowances.filter(({ actions }) => actions.some((action) => byTags.includes(action)));
  expect(tagging).toHaveLength(4);
  for (const { condition } of tagging)
    expect(JSON.stringify(condition)).toMatch(/:CreateAction"|"aws:ResourceTag/);
});

/** Each function's calls, from one run of esbuild. */
async function callsOfFunctions(): Promise<Map<string, string[]>> {
  const { metafile } = await build({
    entryPoints: Object.fromEntries(functionNames.map((name) => [name, `lambdas/${name}/index.ts`])),
    outdir: 'out',
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  return new Map(
    Object.entries(metafile.outputs).map(([file, { inputs }]) => {
      const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
      return [
        basename(file, '.js'),
        [...new Set(used.flatMap(([path]) => callsIn(readFileSync(path, 'utf8'))))],
      ];
    }),
  );
}

/** `ecs:RunTask` for each command that a source imports. */
function callsIn(text: string): string[] {
  const imports = [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)];
  return imports.flatMap(([, names = '', client = '']) =>
    [...names.matchAll(/(?<!type )\b(\w+)Command\b/g)].map(([, call]) => `${services[client]}:${call}`),
  );
}

function roleOf(name: FunctionName): string {
  const found = resourcesOf(template).find(
    ([, { Properties }]) => Properties.FunctionName === `shallop-dev-${name}`,
  );
  return (found![1].Properties.Role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0]!;
}
