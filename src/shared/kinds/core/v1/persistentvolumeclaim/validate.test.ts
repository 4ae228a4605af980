import { expect, test } from '@jest/globals';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../../../schema/types.ts';
import { validate } from './validate.ts';

const claim = (spec: PersistentVolumeClaimSpec = {}, phase = 'Pending', capacity?: string) =>
  ({
    metadata: { name: 'c', namespace: 'ns' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      volumeMode: 'Filesystem',
      ...spec,
    },
    status: { phase, ...(capacity && { capacity: { storage: capacity } }) },
  }) as PersistentVolumeClaim;
const size = (storage: string) => ({ resources: { requests: { storage } } });
const firstLines = (...of: Parameters<typeof validate>) =>
  validate(...of).map(({ field, message }) => `${field}: ${message.split('\n')[0]}`);

test.each<[string, PersistentVolumeClaimSpec, string[]]>([
  ['no mode', { accessModes: [] }, ['spec.accessModes: Required value: at least 1 access mode is required']],
  ['no size', { resources: {} }, ['spec.resources[storage]: Required value']],
  ['nothing', size('0'), ['spec.resources[storage]: Invalid value: "0": must be greater than zero']],
  [
    'one Pod, and others',
    { accessModes: ['ReadWriteOncePod', 'ReadWriteMany'] },
    ['spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes'],
  ],
])('a claim of %s', (_, spec, messages) => expect(firstLines(claim(spec))).toEqual(messages));

const immutable =
  'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

test.each<[string, PersistentVolumeClaim, PersistentVolumeClaim, string[]]>([
  ['is bound once', claim({ volumeName: 'v' }), claim(), []],
  ['and not to another', claim({ volumeName: 'w' }), claim({ volumeName: 'v' }), [immutable]],
  ['gets a class', claim({ storageClassName: 'a' }), claim(), []],
  ['and keeps it', claim({ storageClassName: 'b' }), claim({ storageClassName: 'a' }), [immutable]],
  ['keeps its size while pending', claim(size('2Gi')), claim(), [immutable]],
  ['grows when bound', claim(size('2Gi'), 'Bound', '1Gi'), claim({}, 'Bound', '1Gi'), []],
  [
    'does not shrink below what it has',
    claim(size('500Mi'), 'Bound', '1Gi'),
    claim({}, 'Bound', '1Gi'),
    ['spec.resources.requests.storage: Forbidden: field can not be less than status.capacity'],
  ],
])('a claim %s', (_, now, old, messages) => expect(firstLines(now, old)).toEqual(messages));
