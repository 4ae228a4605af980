import { expect, test } from '@jest/globals';
import { ClaimsHeld } from '../../src/shared/ports/claimsHeld.ts';
import type { Key, Storage } from '../../src/shared/ports/storage.ts';
import type { Subject } from './storage.ts';
import { build, key, pods, text } from './storageSupport.ts';

const reason = (name: string) => expect.objectContaining({ reason: name });

/** The values that a write was refused for. */
const held = (write: Promise<unknown>): Promise<readonly string[]> =>
  write.then(
    () => [],
    (error: unknown) => {
      if (error instanceof ClaimsHeld) return [...error.claims].sort();
      throw error;
    },
  );

export function claims(subject: Subject): void {
  const create = (where: string, claims: string[], part: Partial<Key> = {}) =>
    subject.storage.create(key(where, part), build(where), { claims });
  const update = (where: string, revision: string, claims: string[]) =>
    subject.storage.update(key(where), revision, build('new'), { claims });
  /** `value cluster/namespace/name`, in any order of values. */
  const holders = async (storage: Storage, resource = pods.resource) =>
    [...(await storage.claims(resource))]
      .map(([value, k]) => {
        expect(k.resource).toBe(resource);
        return `${value} ${k.cluster}/${k.namespace}/${k.name}`;
      })
      .sort();

  test('what an object claims no other of its resource gets, in no logical cluster', async () => {
    const { storage } = subject;
    await create('a/x', ['1', '2']);
    expect(await held(create('a/y', ['2', '3', '1']))).toEqual(['1', '2']);
    expect(await held(create('b/x', ['2'], { cluster: 'branch' }))).toEqual(['2']);
    await create('a/x', ['1'], { resource: 'pods.example.com' });
    await create('b/x', ['3'], { cluster: 'branch' });
    expect(await holders(storage)).toEqual(['1 default/a/x', '2 default/a/x', '3 branch/b/x']);
    expect(await holders(storage, 'pods.example.com')).toEqual(['1 default/a/x']);
    expect(await holders(storage, 'none')).toEqual([]);
    expect((await storage.get(key('a/x')))!.index).toEqual({ claims: ['1', '2'] });
  });

  test('a write that is refused for its claims changes nothing', async () => {
    const { storage } = subject;
    await create('a/x', ['1']);
    await create('a/y', ['2']);
    expect(await held(create('a/z', ['3', '1']))).toEqual(['1']);
    expect(await held(update('a/y', '3', ['3', '1']))).toEqual(['1']);
    subject.expectRevision(await storage.head('default', 'pods'), 3, 2);
    expect(await storage.get(key('a/z'))).toBeUndefined();
    expect(text(await storage.get(key('a/y')))).toBe('a/y');
    expect(await holders(storage)).toEqual(['1 default/a/x', '2 default/a/y']);
    subject.expectRevision((await create('a/z', ['3'])).revision, 4, 2);
  });

  test('updates gain and lose claims, deletions lose them, and what is lost is free', async () => {
    const { storage } = subject;
    await create('a/x', ['1', '2']);
    await update('a/x', '2', ['2', '3']);
    expect(await holders(storage)).toEqual(['2 default/a/x', '3 default/a/x']);
    await create('a/y', ['1']);
    await update('a/x', '3', ['2', '3']);
    await storage.update(key('a/x'), '5', build());
    expect(await holders(storage)).toEqual(['1 default/a/y']);
    await update('a/y', '4', ['1', '2']);
    expect(await storage.delete(key('a/y'), '7', build())).toMatchObject({ index: { claims: ['1', '2'] } });
    expect(await holders(storage)).toEqual([]);
    await create('a/z', ['1']);
    await create('a/z', ['2', '3'], { cluster: 'branch' });
  });

  test('who replaces what is not there any more hears of that; who creates what is there, of the claims', async () => {
    await create('a/x', ['1']);
    await create('a/y', ['2']);
    await expect(update('a/x', '1', ['2'])).rejects.toEqual(reason('Conflict'));
    await expect(update('a/none', '2', ['2'])).rejects.toEqual(reason('NotFound'));
    await expect(create('a/x', ['3'])).rejects.toEqual(reason('AlreadyExists'));
    expect(await held(create('a/x', ['1']))).toEqual(['1']);
    expect(await held(create('a/x', ['2']))).toEqual(['2']);
  });

  test('of many writes at once one gets a claim', async () => {
    const { storage } = subject;
    await storage.create(key('a/old'), build());
    const all = await Promise.allSettled([
      ...Array.from({ length: 20 }, (_, i) => create(`a/${i}`, ['1', `own-${i}`])),
      update('a/old', '2', ['1']),
      create('a/x', ['1'], { cluster: 'branch' }),
    ]);
    const refused = all.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(21);
    for (const { reason } of refused) expect(reason).toMatchObject({ claims: ['1'] });
    expect((await holders(storage)).filter((line) => line.startsWith('1 '))).toHaveLength(1);
    expect((await storage.claims('pods')).size).toBeLessThanOrEqual(2);
  });

  test('a write sees the claims of those that were called before it in its cluster', async () => {
    const results = await Promise.allSettled([
      create('a/x', ['1']),
      update('a/x', '2', ['2']),
      create('a/y', ['1']),
      subject.storage.delete(key('a/x'), '3', build()),
      create('a/z', ['2']),
      create('a/late', ['1', '2']),
    ]);
    expect(results.map((r) => (r.status === 'fulfilled' ? r.value.revision : r.reason.claims))).toEqual([
      '2',
      '3',
      '4',
      '5',
      '6',
      ['1', '2'],
    ]);
  });

  test('a dropped cluster holds nothing, others keep what they have', async () => {
    const { storage } = subject;
    await create('a/x', ['1', '2'], { cluster: 'branch' });
    await create('a/x', ['3'], { cluster: 'branch-2' });
    await create('a/x', ['4']);
    await storage.drop('branch');
    expect(await holders(storage)).toEqual(['3 branch-2/a/x', '4 default/a/x']);
    await create('a/y', ['1']);
    await storage.drop('branch');
    expect(await holders(storage)).toEqual(['1 default/a/y', '3 branch-2/a/x', '4 default/a/x']);
  });

  test('a build that throws takes no claim', async () => {
    const { storage } = subject;
    const bad = () => {
      throw new Error('no bytes');
    };
    await expect(storage.create(key('a/x'), bad, { claims: ['1'] })).rejects.toThrow('no bytes');
    await create('a/y', ['1']);
  });

  test('a claim that is there twice is one, and one that is no part of a key is refused', async () => {
    const { storage } = subject;
    await create('a/x', ['1', '1']);
    await update('a/x', '2', ['2', '1', '2']);
    expect(await holders(storage)).toEqual(['1 default/a/x', '2 default/a/x']);
    for (const bad of ['', 'a\u001fb', 'x'.repeat(200)]) {
      await expect(create('a/y', [bad])).rejects.toEqual(reason('BadRequest'));
      await expect(update('a/x', '3', [bad])).rejects.toEqual(reason('BadRequest'));
    }
  });
}
