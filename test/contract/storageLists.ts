import { expect, test } from '@jest/globals';
import type { Listing, Scope, Storage } from '../../src/shared/ports/storage.ts';
import type { Subject } from './storage.ts';
import { build, create, key, path, pods, text } from './storageSupport.ts';

const expired = expect.objectContaining({ reason: 'Expired' });

async function pages(storage: Storage, scope: Scope, limit: number, between: () => Promise<unknown>) {
  const all: Listing[] = [await storage.list(scope, { limit })];
  while (all.at(-1)!.cursor) {
    await between();
    all.push(await storage.list(scope, { limit, cursor: all.at(-1)!.cursor! }));
  }
  return all;
}

export function lists(subject: Subject): void {
  test('objects come in byte order of namespace, then name', async () => {
    const { storage } = subject;
    const order = [
      '/cluster',
      'a/b',
      'a/b-c',
      'a/b.c',
      'a/c',
      'a-b/a',
      'b/Z',
      'b/a',
      'b/\uffee',
      'b/\u{1f600}',
    ];
    for (const where of [...order].reverse()) await create(storage, where);
    const { items, revision } = await storage.list(pods);
    expect(items.map(path)).toEqual(order);
    expect(revision).toBe(String(order.length + 1));
    expect(items.map(text)).toEqual(order);
  });

  test('a namespace is listed alone', async () => {
    const { storage } = subject;
    for (const where of ['a/x', 'a-b/x', 'b/x']) await create(storage, where);
    expect((await storage.list({ ...pods, namespace: 'a' })).items.map(path)).toEqual(['a/x']);
    expect((await storage.list({ ...pods, namespace: 'zz' })).items).toEqual([]);
  });

  test('an empty resource lists nothing at revision 1', async () => {
    expect(await subject.storage.list(pods)).toEqual({ items: [], revision: '1' });
  });

  test('pages tell what remains and continue one snapshot while everything changes', async () => {
    const { storage } = subject;
    for (const n of [1, 2, 3, 4, 5, 6, 7]) await create(storage, `a/${n}`);
    let step = 0;
    const all = await pages(storage, pods, 2, async () => {
      step++;
      await create(storage, `a/${step}x`);
      await create(storage, `a/${step + 4}y`);
      const five = await storage.get(key('a/5'));
      if (five) await storage.update(key('a/5'), five.revision, build('changed'));
      const six = await storage.get(key('a/6'));
      if (six) await storage.delete(key('a/6'), six.revision, build('gone'));
      const one = await storage.get(key('a/1'));
      if (one) await storage.delete(key('a/1'), one.revision, build('gone'));
    });
    expect(all.map((p) => p.items.map(text))).toEqual([
      ['a/1', 'a/2'],
      ['a/3', 'a/4'],
      ['a/5', 'a/6'],
      ['a/7'],
    ]);
    expect(all.map((p) => p.remaining)).toEqual([5, 3, 1, undefined]);
    expect(new Set(all.map((p) => p.revision))).toEqual(new Set(['8']));
    expect(all.at(-1)!.cursor).toBeUndefined();
  });

  test('a full last page has no cursor', async () => {
    const { storage } = subject;
    await create(storage, 'a/1');
    await create(storage, 'a/2');
    expect((await storage.list(pods, { limit: 2 })).cursor).toBeUndefined();
    expect((await storage.list(pods, { limit: 0 })).items).toHaveLength(2);
  });

  test('pages stay within namespace and owner', async () => {
    const { storage } = subject;
    for (const n of [1, 2, 3]) {
      await create(storage, `a/${n}`, ['u']);
      await create(storage, `b/${n}`, ['u']);
      await create(storage, `b/${n}x`);
    }
    const none = async () => {};
    const named = await pages(storage, { ...pods, namespace: 'b' }, 4, none);
    expect(named.map((p) => p.items.length)).toEqual([4, 2]);
    const owned = await pages(storage, { ...pods, namespace: 'b', owner: 'u' }, 2, none);
    expect(owned.map((p) => p.items.map(path))).toEqual([['b/1', 'b/2'], ['b/3']]);
    expect(owned[0]!.remaining).toBe(1);
  });

  test('a page begins after any place, whether or not something is there', async () => {
    const { storage } = subject;
    for (const where of ['/c', 'a/1', 'a/3', 'a-b/2', 'b/1', 'b/2', 'b/3'])
      await create(storage, where, where.startsWith('b/') ? ['u'] : undefined);
    const rest = async (after: string, scope: Scope = pods, at?: string) => {
      const [namespace = '', name = ''] = after.split('/');
      const page = { limit: 2, after: { namespace, name } };
      const first = await storage.list(scope, { ...page, ...(at && { at }) });
      const rest = first.cursor ? (await storage.list(scope, { cursor: first.cursor })).items : [];
      expect(first.remaining ?? 0).toBe(rest.length);
      return [...first.items, ...rest].map(path);
    };
    expect(await rest('a/1')).toEqual(['a/3', 'a-b/2', 'b/1', 'b/2', 'b/3']);
    expect(await rest('a/2')).toEqual(['a/3', 'a-b/2', 'b/1', 'b/2', 'b/3']);
    expect(await rest('a/', { ...pods, namespace: 'a' })).toEqual(['a/1', 'a/3']);
    expect(await rest('b/0', { ...pods, namespace: 'b', owner: 'u' })).toEqual(['b/1', 'b/2', 'b/3']);
    expect(await rest('zz/z')).toEqual([]);
    await storage.delete(key('b/1'), '6', build('gone'));
    expect(await rest('a/3', pods, '6')).toEqual(['a-b/2', 'b/1']);
    const after = { namespace: 'a', name: 'x'.repeat(3_000) };
    await expect(storage.list(pods, { after })).rejects.toMatchObject({ reason: 'BadRequest' });
  });

  test('the past can be listed at every revision', async () => {
    const { storage } = subject;
    await create(storage, 'a/x', ['u1']);
    await create(storage, 'a/y');
    await storage.update(key('a/x'), '2', build('x2'), { owners: ['u2'] });
    await storage.delete(key('a/y'), '3', build('gone'));
    await create(storage, 'a/y');
    const at = async (revision: string, scope: Scope = pods) => {
      const listing = await storage.list(scope, { at: revision });
      expect(listing.revision).toBe(revision);
      return listing.items.map((item) => `${text(item)} ${item.revision}`);
    };
    expect(await at('1')).toEqual([]);
    expect(await at('2')).toEqual(['a/x 2']);
    expect(await at('3')).toEqual(['a/x 2', 'a/y 3']);
    expect(await at('4')).toEqual(['x2 4', 'a/y 3']);
    expect(await at('5')).toEqual(['x2 4']);
    expect(await at('6')).toEqual(['x2 4', 'a/y 6']);
    expect(await at('3', { ...pods, owner: 'u1' })).toEqual(['a/x 2']);
    expect(await at('4', { ...pods, owner: 'u1' })).toEqual([]);
    const first = await storage.list(pods, { at: '3', limit: 1 });
    expect(first).toMatchObject({ revision: '3', remaining: 1 });
    expect((await storage.list(pods, { cursor: first.cursor! })).items.map(path)).toEqual(['a/y']);
  });

  test('owned objects follow their owner references at once', async () => {
    const { storage } = subject;
    const owned = async (owner: string) => (await storage.list({ ...pods, owner })).items.map(path);
    await create(storage, 'b/x', ['u1', 'u2']);
    await create(storage, 'a/y', ['u1']);
    expect(await owned('u1')).toEqual(['a/y', 'b/x']);
    await storage.update(key('b/x'), '2', build(), { owners: ['u2'] });
    expect([await owned('u1'), await owned('u2')]).toEqual([['a/y'], ['b/x']]);
    await storage.update(key('b/x'), '4', build());
    await storage.delete(key('a/y'), '3', build());
    expect([await owned('u1'), await owned('u2'), await owned('u')]).toEqual([[], [], []]);
  });

  test('compacted and unknown revisions are Expired, malformed ones BadRequest', async () => {
    const storage = await subject.open({ retention: { keepMs: 1_000, keepAtLeast: 2, keepAtMost: 100 } });
    for (const n of [1, 2, 3, 4, 5, 6]) await create(storage, `a/${n}`);
    await storage.update(key('a/1'), '2', build('new'));
    const { cursor } = await storage.list(pods, { at: '3', limit: 1 });
    expect((await storage.list(pods, { at: '4' })).items).toHaveLength(3);
    await subject.clock.advance(120_000);
    await create(storage, 'a/7');
    await expect(storage.list(pods, { at: '3' })).rejects.toEqual(expired);
    await expect(storage.list(pods, { cursor: cursor! })).rejects.toEqual(expired);
    await expect(storage.list(pods, { at: '99' })).rejects.toEqual(expired);
    expect((await storage.list(pods, { at: '8' })).items).toHaveLength(6);
    expect((await storage.list(pods)).items.map(text)).toEqual([
      'new',
      'a/2',
      'a/3',
      'a/4',
      'a/5',
      'a/6',
      'a/7',
    ]);
    const bad = expect.objectContaining({ reason: 'BadRequest' });
    await expect(storage.list(pods, { at: 'x' })).rejects.toEqual(bad);
    await expect(storage.list(pods, { cursor: 'x' })).rejects.toEqual(bad);
    const forged = Buffer.from(JSON.stringify([8, 'x'.repeat(3_000), 1])).toString('base64url');
    await expect(storage.list(pods, { cursor: forged })).rejects.toEqual(bad);
  });

  test('the log is bounded by count, however young', async () => {
    const storage = await subject.open({ retention: { keepMs: 1e9, keepAtLeast: 1, keepAtMost: 10 } });
    for (let n = 0; n < 40; n++) await create(storage, `a/${n}`);
    await expect(storage.list(pods, { at: '2' })).rejects.toEqual(expired);
    expect((await storage.list(pods, { at: '36' })).items).toHaveLength(35);
    expect((await storage.list(pods)).items).toHaveLength(40);
  });
}
