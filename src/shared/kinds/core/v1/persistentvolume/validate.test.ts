import { expect, test } from '@jest/globals';
import type { PersistentVolume, PersistentVolumeSpec } from '../../../schema/types.ts';
import { validate } from './validate.ts';

const csi = { driver: 'efs.csi.aws.com', volumeHandle: 'fs-1' };
const volume = (spec: PersistentVolumeSpec): PersistentVolume => ({
  metadata: { name: 'v' },
  spec: { accessModes: ['ReadWriteMany'], capacity: { storage: '1Gi' }, ...spec },
});
const firstLines = (...of: Parameters<typeof validate>) =>
  validate(...of).map(({ field, message }) => `${field}: ${message.split('\n')[0]}`);

test.each<[string, PersistentVolumeSpec, string[]]>([
  ['csi', { csi }, []],
  ['nothing', {}, ['spec: Required value: must specify a volume type']],
  [
    'two things',
    { csi, hostPath: { path: '/data' } },
    ['spec.csi: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    'a driver without a handle',
    { csi: { ...csi, volumeHandle: '' } },
    ['spec.csi.volumeHandle: Required value'],
  ],
  [
    'a disk of no machine',
    { local: { path: '/mnt' } },
    ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
  ],
  [
    'no size',
    { csi, capacity: {} },
    ['spec.capacity: Required value', 'spec.capacity: Unsupported value: {}: supported values: "storage"'],
  ],
  [
    'the whole machine',
    { hostPath: { path: '/data/../' }, persistentVolumeReclaimPolicy: 'Recycle' },
    [
      'spec.hostPath.path: Invalid value: "/data/../": must not contain \'..\'',
      "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
    ],
  ],
])('a volume of %s', (_, spec, messages) => expect(firstLines(volume(spec))).toEqual(messages));

test('what it is made of stays, what becomes of it may change', () => {
  const old = volume({ csi, persistentVolumeReclaimPolicy: 'Delete' });
  expect(firstLines(volume({ csi, persistentVolumeReclaimPolicy: 'Retain' }), old)).toEqual([]);
  expect(firstLines(volume({ csi: { ...csi, volumeHandle: 'fs-2' } }), old)).toEqual([
    'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation',
  ]);
});
