import { expect, test } from '@jest/globals';
import { environment } from '../../src/aws/names.ts';
import { resourcesOf, synthesise } from '../support/aws/template.ts';

// A synthesis takes seconds where others work too.

test('the own network stands in the zones that are asked for: Fargate is not in every one', () => {
  const template = synthesise({ zones: 'us-east-1b,us-east-1d' });
  const subnets = resourcesOf(template).filter(([, { Type }]) => Type === 'AWS::EC2::Subnet');
  expect(subnets.map(([, { Properties }]) => Properties.AvailabilityZone)).toEqual([
    'us-east-1b',
    'us-east-1d',
  ]);
  const zones = subnets.flatMap(([id, { Properties }], i) => [
    { Ref: id },
    `=${Properties.AvailabilityZone}${i === 0 ? ',' : ''}`,
  ]);
  template.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'shallop-dev-reconcile-pods',
    Environment: { Variables: { [environment.zones]: { 'Fn::Join': ['', zones] } } },
  });
});

test.each(['us-east-1', 'use1-az1', 'us-east-1a, us-east-1b'])('the zones %j are refused', (zones) =>
  expect(() => synthesise({ zones })).toThrow(/-c zones/),
);
