import { expect, test } from '@jest/globals';
import { resourcesOf, synthesise } from '../support/aws/template.ts';

const ofType = (template: ReturnType<typeof synthesise>, type: string) =>
  resourcesOf(template).filter(([, { Type }]) => Type === `AWS::${type}`);

test('a file system is made when it is asked for, stays, and lets in Pods only', () => {
  const template = synthesise({ fileSystem: 'true' });
  const [[id, files] = ['', undefined], ...others] = ofType(template, 'EFS::FileSystem');
  expect(others).toEqual([]);
  expect(files).toMatchObject({ DeletionPolicy: 'Retain', Properties: { Encrypted: true } });
  const targets = ofType(template, 'EFS::MountTarget');
  expect(targets).toHaveLength(2);
  for (const [, { Properties }] of targets)
    expect(Properties.FileSystemId).toEqual({ 'Fn::GetAtt': [id, 'FileSystemId'] });
  const group = ofType(template, 'EC2::SecurityGroup').find(([name]) => name.startsWith('FileSystemMounts'));
  expect(group?.[1].Properties.SecurityGroupIngress).toEqual([
    expect.objectContaining({
      FromPort: 2049,
      ToPort: 2049,
      SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^NetworkPods/), 'GroupId'] },
    }),
  ]);
});

test('subnets of one zone share a mount target: EFS takes no second one', () => {
  const ids = ['subnet-0000000a', 'subnet-0000000b', 'subnet-0000000c'];
  const subnets = `${ids[0]}=us-east-1a,${ids[1]}=us-east-1a,${ids[2]}=us-east-1b`;
  const template = synthesise({ fileSystem: 'true', vpcId: 'vpc-0000000a', vpcCidr: '10.1.0.0/16', subnets });
  const targets = ofType(template, 'EFS::MountTarget');
  expect(targets.map(([, { Properties }]) => Properties.SubnetId)).toEqual([ids[0], ids[2]]);
});

test('by default there is none', () => {
  expect(ofType(synthesise({}), 'EFS::FileSystem')).toEqual([]);
});
