import { expect, test } from '@jest/globals';
import type {
  ObjectReference,
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  PersistentVolumeSpec,
} from '../../kinds/schema/types.ts';
import { bestFor, mismatch } from './match.ts';

const claim = (spec: PersistentVolumeClaimSpec = {}): PersistentVolumeClaim => ({
  metadata: { namespace: 'ns', name: 'c', uid: 'u' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});
const volume = (name: string, spec: PersistentVolumeSpec = {}, labels = {}): PersistentVolume => ({
  metadata: { name, labels },
  spec: { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'], capacity: { storage: '2Gi' }, ...spec },
});
const sized = (storage: string) => ({ capacity: { storage } });
const claimRef = (more: ObjectReference = {}): PersistentVolumeSpec => ({
  claimRef: { namespace: 'ns', name: 'c', ...more },
});

test.each<[string, PersistentVolumeSpec, PersistentVolumeClaimSpec, string | undefined]>([
  ['fits', {}, {}, undefined],
  ['is too small', sized('1Mi'), {}, 'requested PV is too small'],
  [
    'is of another class',
    { storageClassName: 'a' },
    { storageClassName: 'b' },
    'storageClassName does not match',
  ],
  ['is of no class, as wanted', {}, { storageClassName: '' }, undefined],
  ['is a disk', { volumeMode: 'Block' }, {}, 'incompatible volumeMode'],
  ['is for one writer', {}, { accessModes: ['ReadWriteMany'] }, 'incompatible accessMode'],
])('a volume %s', (_, of, by, why) => expect(mismatch(volume('v', of), claim(by))).toBe(why));

test.each<[string, PersistentVolume[], PersistentVolumeClaimSpec, string | undefined]>([
  ['the smallest that fits', [volume('a', sized('5Gi')), volume('b'), volume('c', sized('1Mi'))], {}, 'b'],
  ['the one kept for it', [volume('a'), volume('b', { ...sized('9Gi'), ...claimRef() })], {}, 'b'],
  ['not that of an earlier claim', [volume('a', claimRef({ uid: 'old' }))], {}, undefined],
  ['not that of another', [volume('a', claimRef({ name: 'd' }))], {}, undefined],
  [
    'the one selected',
    [volume('a'), volume('b', {}, { tier: 'gold' })],
    { selector: { matchLabels: { tier: 'gold' } } },
    'b',
  ],
  [
    'none that goes',
    [{ ...volume('a'), metadata: { name: 'a', deletionTimestamp: '2026-01-01T00:00:00Z' } }],
    {},
    undefined,
  ],
])('a claim gets %s', (_, volumes, spec, name) =>
  expect(bestFor(claim(spec), volumes)?.metadata.name).toBe(name),
);
