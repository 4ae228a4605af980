import { expect, test } from '@jest/globals';
import { tags } from '../../src/aws/names.ts';
import { allowancesOf, resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.

/** What uses of the key are bound to: what the deployment seals, what services seal for it, a function's variables. */
const bounds = [
  new RegExp(`^{"StringEquals":{"kms:EncryptionContext:${tags.deployment}":"dev"}}$`),
  /^{"StringEquals":{"kms:ViaService":\S+"dynamodb\."\S+}}$/,
  /^{"StringEquals":{"kms:ViaService":\S+"secretsmanager\."\S+},"StringLike":{"kms:EncryptionContext:SecretARN":\S+:secret:shallop\/dev\/\*"\S+}$/,
  /^{"StringEquals":{"kms:EncryptionContext:aws:lambda:FunctionArn":\S+:function:shallop-dev-[a-z-]+"\S+}$/,
];

test('D11: no role opens what another use of the key sealed', () => {
  const uses = allowancesOf(synthesise()).filter(({ actions }) =>
    actions.some((action) => /^kms:(Decrypt|Encrypt|GenerateDataKey)/.test(action)),
  );
  const conditions = [...new Set(uses.map(({ condition }) => JSON.stringify(condition ?? 'none')))];
  expect(conditions.filter((condition) => !bounds.some((bound) => bound.test(condition)))).toEqual([]);
  expect(bounds.filter((bound) => !conditions.some((condition) => bound.test(condition)))).toEqual([]);
});

const own = {};
const existing = {
  vpcId: 'vpc-0123456789abcdef0',
  vpcCidr: '10.1.0.0/16',
  subnets: 'subnet-0123456789abcdef0=us-east-1a,subnet-0123456789abcdef1=us-east-1b',
};

test.each([own, existing])('D11: only Pods and load balancers reach the ports of Pods (%j)', (network) => {
  const resources = resourcesOf(synthesise(network));
  const group = resources.find(
    ([, { Type, Properties }]) =>
      Type === 'AWS::EC2::SecurityGroup' && Properties.GroupDescription === 'Pods of shallop dev',
  );
  const rules = group?.[1].Properties.SecurityGroupIngress as { SourceSecurityGroupId?: unknown }[];
  expect(rules.map(({ SourceSecurityGroupId = null }) => JSON.stringify(SourceSecurityGroupId))).toEqual([
    expect.stringMatching(/^{"Fn::GetAtt":\["NetworkPodMembers\w+","GroupId"\]}$/),
    expect.stringMatching(/^{"Fn::GetAtt":\["NetworkLoadBalancers\w+","GroupId"\]}$/),
  ]);
  // Emulators know no rules outside of their group.
  expect(resources.filter(([, { Type }]) => Type === 'AWS::EC2::SecurityGroupIngress')).toEqual([]);
});
