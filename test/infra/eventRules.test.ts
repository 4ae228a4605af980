import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { parse, stringify } from 'yaml';
import { readSettings } from '../../infra/settings.ts';
import { allowancesOf, resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.
jest.setTimeout(60_000);

const eventRules = 'test/support/aws/eventRules.yaml';
const file = parse(readFileSync(eventRules, 'utf8'));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-event-rules-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (content: string | object) => {
  const path = join(folder, 'rules.yaml');
  writeFileSync(path, typeof content === 'string' ? content : stringify(content));
  return path;
};

describe('-c eventRules', () => {
  const template = synthesise({ eventRules });
  const resources = resourcesOf(template);
  const idOf = (type: string, named = '') =>
    resources.find(([id, { Type }]) => Type === type && id.includes(named))![0];
  const deadLetters = { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', 'DeadLetters'), 'Arn'] };

  test('makes the pattern of the file a rule of the bus, as it stands there', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: idOf('AWS::Events::EventBus') },
      EventPattern: file.rules[0].pattern,
    });
  });

  test('makes a webhook an API destination that shows a key of Secrets Manager and sends the CloudEvent', () => {
    template.hasResourceProperties('AWS::Events::Connection', {
      AuthorizationType: 'API_KEY',
      AuthParameters: {
        ApiKeyAuthParameters: {
          ApiKeyName: 'x-api-key',
          ApiKeyValue:
            '{{resolve:secretsmanager:arn:aws:secretsmanager:us-east-1:111111111111:secret:issues-AbCdEf:SecretString:::}}',
        },
      },
    });
    template.hasResourceProperties('AWS::Events::ApiDestination', {
      InvocationEndpoint: 'https://example.org/hook',
      HttpMethod: 'POST',
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [idOf('AWS::Events::ApiDestination'), 'Arn'] },
          InputPath: '$.detail',
          RoleArn: {
            'Fn::GetAtt': [idOf('AWS::IAM::Role', 'RulesRolefaileddeployments'), 'Arn'],
          },
          RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 185 },
          DeadLetterConfig: { Arn: deadLetters },
        },
      ],
    });
  });

  test('allows EventBridge to call that destination alone, and to bury what it did not take', () => {
    const invoking = allowancesOf(template).filter(({ actions }) =>
      actions.includes('events:InvokeApiDestination'),
    );
    expect(invoking).toMatchObject([
      { resources: [{ 'Fn::GetAtt': [idOf('AWS::Events::ApiDestination'), 'Arn'] }] },
    ]);
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: idOf('AWS::SQS::Queue', 'DeadLetters') }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sqs:SendMessage',
            Condition: {
              ArnEquals: {
                'aws:SourceArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('Rulefaileddeployments'), 'Arn'] },
              },
            },
            Principal: { Service: 'events.amazonaws.com' },
          }),
        ]),
      },
    });
  });

  test('brings the bus along', () => {
    template.hasResourceProperties('AWS::Events::EventBus', { Name: 'shallop-dev' });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'shallop-dev-dispatch',
      Environment: { Variables: Match.objectLike({ SHALLOP_EVENT_BUS: Match.anyValue() }) },
    });
  });

  test('takes a target by ARN as it is, with its role', () => {
    const arn = 'arn:aws:sqs:us-east-1:111111111111:mine';
    const roleArn = 'arn:aws:iam::111111111111:role/mine';
    const rules = [{ ...file.rules[0], targets: [{ name: 'mine', arn, roleArn }] }];
    const made = synthesise({ eventRules: written({ ...file, rules }) });
    made.hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ Arn: arn, RoleArn: roleArn })],
    });
    made.resourceCountIs('AWS::Events::ApiDestination', 0);
  });

  test.each([
    ['no file', undefined, /^-c eventRules: ENOENT/],
    ['no rules', 'kind: ConfigMap', /^-c eventRules=.*: it is no EventRules of events.shallop.dev\/v1/],
    [
      'a webhook without a key',
      JSON.stringify(file).replace('apiKey', 'apikey'),
      /targets\[0\]\.webhook\.apiKey: Required value/,
    ],
  ])('with %s the deployment says so', (_what, content, why) => {
    const path = content === undefined ? join(folder, 'nothing.yaml') : written(content);
    expect(() => readSettings((key) => (key === 'eventRules' ? path : undefined))).toThrow(why);
  });

  test('does not go without a bus', () => {
    const context: Record<string, string> = { eventRules, events: 'false' };
    expect(() => readSettings((key) => context[key])).toThrow('-c eventRules needs -c events=true');
  });
});

test('without -c eventRules there is no rule, no destination and no such queue', () => {
  const text = JSON.stringify(synthesise({ events: 'true' }).toJSON());
  expect(text).not.toMatch(/ApiDestination|event-dead-letters/);
});
