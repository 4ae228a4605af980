import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PersistentVolumeClaim, StorageClass } from '../../src/shared/kinds/schema/types.ts';
import type { VolumeRef, Volumes } from '../../src/shared/ports/cloud.ts';
import { needs } from '../support/needs.ts';

export interface Harness {
  volumes: Volumes;
  /** A class that the driver serves. */
  storageClass: StorageClass;
}

const refOf = (name: string, more: Partial<VolumeRef> = {}): VolumeRef => ({
  cluster: 'default',
  namespace: 'ns',
  name,
  uid: `uid-${name}`,
  ...more,
});

const claimOf = ({ namespace, name, uid }: VolumeRef): PersistentVolumeClaim => ({
  metadata: { namespace, name, uid },
  spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '1Gi' } } },
});

/** What every driver of Volumes does. `lacks` says why what is asked again may be made again. */
export function volumesContract(
  driver: string,
  open: () => Harness | Promise<Harness>,
  { lacks }: { lacks?: string } = {},
): void {
  describe(`volumes: ${driver}`, () => {
    let h: Harness;
    const make = (ref: VolumeRef) => h.volumes.provision(ref, claimOf(ref), h.storageClass);
    beforeEach(async () => {
      h = await open();
    });

    test('a volume has one place and at least the size asked for', async () => {
      expect(h.storageClass.provisioner).toBe(h.volumes.provisioner);
      const { spec, capacity } = await make(refOf('a'));
      expect(Object.keys(spec)).toHaveLength(1);
      expect(capacity).toBe('1Gi');
      expect(await h.volumes.list()).toEqual([refOf('a')]);
    });

    const { test: again } = needs(lacks);
    again('made again for the same claim it is the same', async () => {
      const first = await make(refOf('a'));
      expect(await make(refOf('a'))).toEqual(first);
      expect(await h.volumes.list()).toHaveLength(1);
    });

    test('another claim, namespace, cluster or incarnation has another', async () => {
      const refs = [
        refOf('a'),
        refOf('b'),
        refOf('a', { namespace: 'other', uid: '1' }),
        refOf('a', { cluster: 'branch', uid: '2' }),
        refOf('a', { uid: '3' }),
      ];
      const made = await Promise.all(refs.map(make));
      expect(new Set(made.map(({ spec }) => JSON.stringify(spec))).size).toBe(refs.length);
      const listed = (await h.volumes.list()).map((ref) => JSON.stringify(ref)).sort();
      expect(listed).toEqual(refs.map((ref) => JSON.stringify(ref)).sort());
    });

    test('remove takes it away, also a second time, and leaves the others', async () => {
      await make(refOf('a'));
      await make(refOf('b'));
      await h.volumes.remove(refOf('a'));
      await h.volumes.remove(refOf('a'));
      expect(await h.volumes.list()).toEqual([refOf('b')]);
    });
  });
}
