import { expect, test } from '@jest/globals';
import { tags } from '../../src/aws/names.ts';
import { type Resource, resourcesOf, synthesise } from '../support/aws/template.ts';

/** CloudFormation gives these no tags, or they cost nothing by themselves. */
const withoutTags = [
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::EC2::Route',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::EFS::MountTarget',
  'AWS::IAM::InstanceProfile',
  'AWS::KMS::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  // Some thousandths of a dollar a month; a schedule takes no tags.
  'AWS::Scheduler::Schedule',
  'AWS::SQS::QueuePolicy',
  'Custom::ShallopDrain',
];

const isTagged = ({ Properties = {} }: Resource) =>
  Object.entries(Properties).some(
    ([key, value]) => /Tags$/.test(key) && JSON.stringify(value).includes(tags.deployment),
  );

test.each([
  ['as usual', {}],
  [
    'with a NAT gateway, a file system and all that is optional',
    {
      nat: 'gateway',
      fileSystem: 'true',
      events: 'true',
      dashboard: 'true',
      scaleToZero: 'true',
      alarmTopicArn: 'arn:aws:sns:us-east-1:111111111111:alarms',
    },
  ],
  ['with a NAT instance', { nat: 'instance' }],
])(
  'what costs bears the tag by which bills tell a deployment: %s',
  (_how, context: Record<string, string>) => {
    const untagged = resourcesOf(synthesise(context)).filter(([, resource]) => !isTagged(resource));
    expect(
      [...new Set(untagged.map(([, { Type }]) => Type))].filter((type) => !withoutTags.includes(type)),
    ).toEqual([]);
  },
);
