import { expect, test } from '@jest/globals';
import { readSettings } from '../../infra/settings.ts';
import { environment } from '../../src/aws/names.ts';
import { type Resource, resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.

const ofType = (template: ReturnType<typeof synthesise>, type: string) =>
  resourcesOf(template).filter(([, { Type }]) => Type === `AWS::EC2::${type}`);
const isPrivate = ([id]: [string, Resource]) => /PrivateSubnet\dSubnet/i.test(id);
const subnetsIn = (text: unknown) => [...JSON.stringify(text).matchAll(/"Ref":"(\w+)"/g)].map(([, id]) => id);

function variablesOf(template: ReturnType<typeof synthesise>, name: string): Record<string, unknown> {
  const [, found] = resourcesOf(template).find(
    ([, { Properties }]) => Properties?.FunctionName === `shallop-dev-${name}`,
  )!;
  return (found.Properties.Environment as { Variables: Record<string, unknown> }).Variables;
}

test('D7: without NAT nothing of the network costs anything, and tasks have public addresses', () => {
  const template = synthesise();
  for (const type of ['NatGateway', 'Instance', 'EIP', 'VPCEndpoint'])
    expect(ofType(template, type)).toEqual([]);
  const variables = variablesOf(template, 'reconcile-services');
  expect(variables[environment.publicIp]).toBe('true');
  expect(variables[environment.balancerZones]).toBeUndefined();
});

test.each<[Record<string, string>, number]>([
  [{}, 2],
  [{ natGateways: '1' }, 1],
])(
  'D7: with -c nat=gateway (%j) tasks stand in private subnets and load balancers in the public ones',
  (context, count) => {
    const template = synthesise({ nat: 'gateway', ...context });
    expect(ofType(template, 'NatGateway')).toHaveLength(count);
    expect(ofType(template, 'EIP')).toHaveLength(count);
    const subnets = ofType(template, 'Subnet');
    const variables = variablesOf(template, 'reconcile-services');
    expect(subnetsIn(variables[environment.zones])).toEqual(subnets.filter(isPrivate).map(([id]) => id));
    expect(subnetsIn(variables[environment.balancerZones])).toEqual(
      subnets.filter((each) => !isPrivate(each)).map(([id]) => id),
    );
    expect(variables[environment.publicIp]).toBe('false');
    // Images come from S3 past the NAT.
    expect(ofType(template, 'VPCEndpoint').map(([, { Properties }]) => Properties.VpcEndpointType)).toEqual([
      'Gateway',
    ]);
  },
);

test('D7: public subnets keep their addresses when a deployment changes to NAT', () => {
  const publicOnes = (context: Record<string, string>) =>
    ofType(synthesise(context), 'Subnet').flatMap((each) =>
      isPrivate(each) ? [] : [[each[0], each[1].Properties.CidrBlock]],
    );
  expect(publicOnes({ nat: 'gateway' })).toEqual(publicOnes({}));
});

test.each([
  ['us-east-1a', '18'],
  ['us-east-1a,us-east-1b,us-east-1c', '18'],
  ['us-east-1a,us-east-1b,us-east-1c,us-east-1d', '19'],
  ['us-east-1a,us-east-1b,us-east-1c,us-east-1d,us-east-1e,us-east-1f', '20'],
])('D7: the private subnets of %s fit beside the public ones', (zones, mask) => {
  const subnets = ofType(synthesise({ nat: 'gateway', zones }), 'Subnet').filter(isPrivate);
  expect(subnets).toHaveLength(zones.split(',').length);
  for (const [, { Properties }] of subnets) expect(Properties.CidrBlock).toMatch(new RegExp(`/${mask}$`));
});

test('D7: with -c nat=instance one small machine translates for the network and answers nobody else', () => {
  const template = synthesise({ nat: 'instance' });
  expect(ofType(template, 'NatGateway')).toEqual([]);
  const [[, { Properties }] = ['', { Properties: {} }], ...others] = ofType(template, 'Instance');
  expect(others).toEqual([]);
  expect(Properties).toMatchObject({ InstanceType: 't4g.nano', SourceDestCheck: false });
  const open = ofType(template, 'SecurityGroup').flatMap(
    ([, { Properties: group }]) => (group.SecurityGroupIngress ?? []) as { CidrIp?: string }[],
  );
  expect(open.flatMap(({ CidrIp }) => CidrIp ?? [])).toEqual(['10.0.0.0/16']);
});

test.each<[Record<string, string>, string[]]>([
  [{}, ['public']],
  [{ nat: 'gateway' }, ['public', 'private']],
])('D7: with -c ipv6 every subnet has IPv6 beside IPv4 (%j)', (context, kinds) => {
  const template = synthesise({ ipv6: 'true', ...context });
  const subnets = ofType(template, 'Subnet');
  expect(subnets).toHaveLength(2 * kinds.length);
  for (const [, { Properties }] of subnets)
    expect(Properties).toMatchObject({ AssignIpv6AddressOnCreation: true, Ipv6CidrBlock: expect.anything() });
  expect(ofType(template, 'EgressOnlyInternetGateway')).toHaveLength(kinds.includes('private') ? 1 : 0);
  const pods = ofType(template, 'SecurityGroup').find(
    ([, { Properties }]) => Properties.GroupDescription === 'Pods of shallop dev',
  );
  expect(JSON.stringify(pods?.[1].Properties.SecurityGroupEgress)).toContain('::/0');
});

test('D7: in a network that stands there, load balancers may stand in other subnets than tasks', () => {
  const subnets = 'subnet-1=us-east-1a,subnet-2=us-east-1b';
  const balancerSubnets = 'subnet-3=us-east-1a,subnet-4=us-east-1b';
  const there = { vpcId: 'vpc-0123456789abcdef0', vpcCidr: '10.9.0.0/16', subnets, publicIp: 'false' };
  const variables = variablesOf(synthesise({ ...there, balancerSubnets }), 'reconcile-services');
  expect(variables).toMatchObject({
    [environment.zones]: subnets,
    [environment.balancerZones]: balancerSubnets,
  });
});

test.each<[Record<string, string>, RegExp]>([
  [{ nat: 'yes' }, /-c nat is none or gateway or instance, not "yes"/],
  [{ natGateways: '2' }, /-c natGateways needs -c nat=gateway/],
  [{ ipv6: '6' }, /-c ipv6 is true or false/],
  [
    { vpcId: 'vpc-1', vpcCidr: '10.0.0.0/16', subnets: 'a=b', nat: 'gateway' },
    /-c vpcId is a network as it is/,
  ],
])('%j is refused', (context, why) => expect(() => readSettings((key) => context[key])).toThrow(why));
