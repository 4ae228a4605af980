import { expect, test } from '@jest/globals';
import type { Storage } from '../../src/shared/ports/storage.ts';
import type { Subject } from './storage.ts';
import { build, key } from './storageSupport.ts';

/** `resource ns/name` of all that have the owner. */
const owned = async (storage: Storage, owner: string, cluster = 'default') =>
  (await storage.owned(cluster, owner)).map((k) => {
    expect(k.cluster).toBe(cluster);
    return `${k.resource} ${k.namespace}/${k.name}`;
  });

export function ownership(subject: Subject): void {
  const create = (where: string, owners: string[], part = {}) =>
    subject.storage.create(key(where, part), build(), { owners });

  test('what has an owner is known at once over all resources and namespaces, and in this cluster alone', async () => {
    const { storage } = subject;
    await create('b/x', ['u', 'u2'], { resource: 'replicasets.apps' });
    for (const where of ['b/x', 'a/y', 'a-b/x', '/x']) await create(where, ['u']);
    await create('a/x', ['u'], { resource: 'pods.example.com' });
    await create('a/x', ['u', 'u-2'], { resource: 'po' });
    await create('a/z', ['u'], { cluster: 'branch' });
    await create('a/not', ['u-1'], {});
    expect(await owned(storage, 'u')).toEqual([
      'po a/x',
      'pods /x',
      'pods a/y',
      'pods a-b/x',
      'pods b/x',
      'pods.example.com a/x',
      'replicasets.apps b/x',
    ]);
    expect(await owned(storage, 'u', 'branch')).toEqual(['pods a/z']);
    expect(await owned(storage, 'u2')).toEqual(['replicasets.apps b/x']);
    expect(await owned(storage, 'none')).toEqual([]);
    expect(await owned(storage, 'u', 'none')).toEqual([]);
  });

  test('owners are gained and lost by updates, and lost by deletion', async () => {
    const { storage } = subject;
    await storage.create(key('a/x'), build());
    await create('a/y', ['u1'], { resource: 'secrets' });
    expect(await owned(storage, 'u1')).toEqual(['secrets a/y']);
    await storage.update(key('a/x'), '2', build(), { owners: ['u1', 'u2'] });
    expect([await owned(storage, 'u1'), await owned(storage, 'u2')]).toEqual([
      ['pods a/x', 'secrets a/y'],
      ['pods a/x'],
    ]);
    await storage.update(key('a/x'), '3', build(), { owners: ['u2'] });
    expect([await owned(storage, 'u1'), await owned(storage, 'u2')]).toEqual([['secrets a/y'], ['pods a/x']]);
    await storage.delete(key('a/x'), '4', build());
    await storage.delete(key('a/y', { resource: 'secrets' }), '2', build());
    expect([await owned(storage, 'u1'), await owned(storage, 'u2')]).toEqual([[], []]);
  });

  test('a dropped cluster owns nothing, others keep what they have', async () => {
    const { storage } = subject;
    for (const cluster of ['branch', 'branch-2', 'default'])
      for (const resource of ['pods', 'secrets']) await create('a/x', ['u'], { cluster, resource });
    await storage.drop('branch');
    expect(await owned(storage, 'u', 'branch')).toEqual([]);
    for (const cluster of ['branch-2', 'default'])
      expect(await owned(storage, 'u', cluster)).toEqual(['pods a/x', 'secrets a/x']);
  });
}
