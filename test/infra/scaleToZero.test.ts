import { expect, jest, test } from '@jest/globals';
import { readSettings } from '../../infra/settings.ts';
import { environment } from '../../src/aws/names.ts';
import { resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.
jest.setTimeout(60_000);

const [off, on] = [synthesise({}), synthesise({ scaleToZero: 'true' })].map(resourcesOf) as [
  ReturnType<typeof resourcesOf>,
  ReturnType<typeof resourcesOf>,
];
const idsOf = (resources: typeof on) => new Set(resources.map(([id]) => id));
const added = on.filter(([id]) => !idsOf(off).has(id));
const of = (type: string) =>
  added.filter(([, { Type }]) => Type === type).map(([, { Properties }]) => Properties);

test('a deployment without it has nothing of it', () => {
  expect([...idsOf(off)].filter((id) => !idsOf(on).has(id))).toEqual([]);
  const given = off.flatMap(([, { Properties }]) => JSON.stringify(Properties?.Environment ?? {}));
  expect(given.join()).not.toContain(environment.activator);
});

test('the activator stands in the network as a load balancer does, and may be called by those of this account', () => {
  const functions = of('AWS::Lambda::Function');
  expect(functions).toHaveLength(2);
  const connected = functions.filter((properties) => properties?.VpcConfig);
  expect(connected).toEqual([
    expect.objectContaining({
      FunctionName: 'shallop-dev-activator',
      Timeout: 900,
      VpcConfig: {
        SubnetIds: [expect.anything(), expect.anything()],
        SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^NetworkLoadBalancers/), 'GroupId'] }],
      },
    }),
  ]);
  expect(of('AWS::Lambda::Permission')).toEqual([
    expect.objectContaining({
      Principal: 'elasticloadbalancing.amazonaws.com',
      SourceAccount: expect.anything(),
      SourceArn: expect.anything(),
    }),
  ]);
  expect(JSON.stringify(of('AWS::Lambda::Permission'))).toContain('targetgroup/sh-*');
  expect(of('AWS::EC2::VPCEndpoint')).toEqual([
    expect.objectContaining({ VpcEndpointType: 'Gateway', ServiceName: expect.anything() }),
  ]);
});

test('the sleeper looks each minute', () => {
  expect(of('AWS::Scheduler::Schedule')).toEqual([
    expect.objectContaining({ Name: 'shallop-dev-sleeper', ScheduleExpression: 'rate(1 minute)' }),
  ]);
});

test('requests that wait may not take all executions', () => {
  const read = (context: Record<string, string>) => readSettings((key) => context[key]).scaleToZero;
  expect(read({})).toBe(false);
  expect(read({ scaleToZero: 'true' })).toBe(true);
  expect(() => read({ scaleToZero: 'true', concurrency: '10' })).toThrow(
    '-c scaleToZero=true needs -c concurrency=200 or more: requests that wait hold executions',
  );
});
