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

test('by default there is none', () => {
  expect(ofType(synthesise({}), 'EFS::FileSystem')).toEqual([]);
});
