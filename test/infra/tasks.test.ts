import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type Resource, resourcesOf, synthesise } from '../support/aws/template.ts';

/** What tasks may pull, where they stand, and what they tell. */
const template = synthesise();
const resources = resourcesOf(template);
const ofType = (type: string): Resource['Properties'][] =>
  resources.filter(([, { Type }]) => Type === type).map(([, { Properties }]) => Properties);

test('D6: search domains are given to a network only where they are asked for', () => {
  expect(ofType('AWS::EC2::DHCPOptions')).toEqual([]);
  const asked = synthesise({ searchDomains: 'true' });
  asked.hasResourceProperties('AWS::EC2::DHCPOptions', {
    DomainName: 'default.svc.cluster.local svc.cluster.local cluster.local',
  });
});

test('D9: images are pulled from repositories of every account and region', () => {
  const pulls = JSON.stringify(ofType('AWS::IAM::Role')).match(
    /\[[^[\]]*ecr:BatchGetImage[^[\]]*\][^[\]]*\[[^\]]*/g,
  );
  expect(pulls).toEqual([expect.stringContaining(':ecr:*:*:repository/*')]);
});

test.each([
  ['without NAT', template, 4091],
  ['with NAT', synthesise({ nat: 'gateway' }), 16_379],
])('D14: a zone of the own network has room %s for as many tasks as docs/aws.md says', (_, of, room) => {
  const lengths = resourcesOf(of)
    .filter(([, { Type }]) => Type === 'AWS::EC2::Subnet')
    .map(([, { Properties }]) => Number(String(Properties.CidrBlock).split('/')[1]));
  // AWS keeps five addresses of each subnet.
  expect(2 ** (32 - Math.min(...lengths)) - 5).toBe(room);
  expect(readFileSync('docs/aws.md', 'utf8')).toContain(room.toLocaleString('en'));
});

test('D14: only changes of tasks that Pods learn from come to the queue', () => {
  const [rule] = ofType('AWS::Events::Rule').filter(({ EventPattern }) =>
    JSON.stringify(EventPattern).includes('aws.ecs'),
  );
  const pattern = rule?.EventPattern as { detail: { $or: { lastStatus?: string[] }[] } };
  const told = pattern.detail.$or?.flatMap(({ lastStatus = [] }) => lastStatus);
  expect(told).toContain('STOPPED');
  expect(told).not.toContain('PROVISIONING');
});
