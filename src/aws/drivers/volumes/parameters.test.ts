import { expect, test } from '@jest/globals';
import { settingsOf } from './parameters.ts';
import { createAccessPointRequest } from './requests.ts';

const classOf = (parameters: Record<string, string>) => ({
  metadata: { name: 'efs' },
  provisioner: 'efs.csi.aws.com',
  parameters: { provisioningMode: 'efs-ap', fileSystemId: 'fs-1a', ...parameters },
});
const ref = { cluster: 'default', namespace: 'ns', name: 'data', uid: 'u' };
const request = (parameters: Record<string, string>) =>
  createAccessPointRequest('dev', ref, settingsOf(classOf(parameters), ref.uid));

test('a class becomes an access point, field by field', () => {
  expect(request({ uid: '1000', gid: '2000', directoryPerms: '770', basePath: '/volumes' })).toEqual({
    ClientToken: 'u',
    FileSystemId: 'fs-1a',
    PosixUser: { Uid: 1000, Gid: 2000 },
    RootDirectory: {
      Path: '/volumes/pvc-u',
      CreationInfo: { OwnerUid: 1000, OwnerGid: 2000, Permissions: '770' },
    },
    Tags: [
      { Key: 'shallop.dev/deployment', Value: 'dev' },
      { Key: 'shallop.dev/cluster', Value: 'default' },
      { Key: 'shallop.dev/namespace', Value: 'ns' },
      { Key: 'shallop.dev/name', Value: 'data' },
      { Key: 'shallop.dev/uid', Value: 'u' },
    ],
  });
});

test('a group of the range, the same each time, where none is named', () => {
  const range = { gidRangeStart: '100', gidRangeEnd: '110' };
  const { PosixUser, RootDirectory } = request(range);
  expect(PosixUser?.Gid).toBeGreaterThanOrEqual(100);
  expect(PosixUser?.Gid).toBeLessThanOrEqual(110);
  expect(RootDirectory).toEqual({
    Path: '/pvc-u',
    CreationInfo: { OwnerUid: PosixUser?.Uid, OwnerGid: PosixUser?.Gid, Permissions: '700' },
  });
  expect(request(range)).toEqual(request(range));
});

test.each([
  [{ provisioningMode: 'efs-dir' }, 'the parameter provisioningMode has to be efs-ap'],
  [{ fileSystemId: 'disk' }, 'the parameter fileSystemId names no file system'],
  [{ directoryPerms: 'rwx' }, 'the parameter directoryPerms is no octal mode'],
  [{ uid: 'root' }, 'the parameter uid is no number'],
  [{ gidRangeStart: '9', gidRangeEnd: '8' }, 'the parameter gidRangeStart is beyond gidRangeEnd'],
  [
    { subPathPattern: 'x', reuseAccessPoint: 'true' },
    'parameters not supported: subPathPattern, reuseAccessPoint',
  ],
])('%j is refused', (parameters, message) =>
  expect(() => request(parameters as Record<string, string>)).toThrow(
    expect.objectContaining({ reason: 'Invalid', message }),
  ),
);
