import { expect, test } from '@jest/globals';
import type { Storage } from '../../src/shared/ports/storage.ts';
import type { Subject } from './storage.ts';
import { build, create, key, line, path, pods, Reader, text } from './storageSupport.ts';

const reason = (name: string) => expect.objectContaining({ reason: name });
const expired = reason('Expired');
const fork = { ...pods, cluster: 'fork' };
const inFork = (where: string) => key(where, { cluster: 'fork' });

/** `a/x@2=text`, in the order of the list. */
async function linesOf(storage: Storage, scope: Parameters<Storage['list']>[0] = fork): Promise<string[]> {
  const { items } = await storage.list(scope);
  return items.map((item) => `${path(item)}@${item.revision}=${text(item)}`);
}

export function forks(subject: Subject): void {
  test('a fork shows what its base was, and not what that becomes', async () => {
    const { storage } = subject;
    for (const where of ['a/x', 'a/y', 'a/z']) await create(storage, where);
    await storage.fork('default', 'fork');
    await storage.update(key('a/x'), '2', build('new'));
    await storage.delete(key('a/y'), '3', build());
    await create(storage, 'a/w');
    expect(await linesOf(storage)).toEqual(['a/x@2=a/x', 'a/y@3=a/y', 'a/z@4=a/z']);
    expect(await storage.get(inFork('a/x'))).toMatchObject({ key: inFork('a/x'), writtenIn: 'default' });
    expect(await storage.get(inFork('a/w'))).toBeUndefined();
    expect(await storage.head('fork', 'pods')).toBe('4');
    expect(await linesOf(storage, pods)).toEqual(['a/w@7=a/w', 'a/x@5=new', 'a/z@4=a/z']);
  });

  test('what a fork writes and deletes is its own', async () => {
    const { storage } = subject;
    for (const where of ['a/x', 'a/y', 'a/z']) await create(storage, where);
    await storage.fork('default', 'fork');
    const updated = await storage.update(inFork('a/x'), '2', build('mine'));
    expect(updated).toMatchObject({ key: inFork('a/x'), revision: '5' });
    await storage.delete(inFork('a/y'), '3', build());
    await storage.create(inFork('b/n'), build('n'));
    expect(await linesOf(storage)).toEqual(['a/x@5=mine', 'a/z@4=a/z', 'b/n@7=n']);
    expect((await storage.get(inFork('a/x')))!.writtenIn).toBeUndefined();
    expect(await linesOf(storage, pods)).toEqual(['a/x@2=a/x', 'a/y@3=a/y', 'a/z@4=a/z']);
    await expect(storage.create(inFork('a/z'), build())).rejects.toEqual(reason('AlreadyExists'));
    await expect(storage.update(inFork('a/z'), '3', build())).rejects.toEqual(reason('Conflict'));
    await expect(storage.delete(inFork('a/y'), '3', build())).rejects.toEqual(reason('NotFound'));
    const { revision } = await storage.create(inFork('a/y'), build('again'));
    subject.expectRevision(revision, 8, 1);
    expect((await linesOf(storage))[1]).toBe(`a/y@${revision}=again`);
  });

  test('its log begins at the fork, with the revisions of the base', async () => {
    const { storage } = subject;
    for (const where of ['a/x', 'a/y']) await create(storage, where);
    await storage.fork('default', 'fork');
    await expect(new Reader(storage, '2', fork).next()).rejects.toEqual(expired);
    await expect(storage.list(fork, { at: '2' })).rejects.toEqual(expired);
    const reader = new Reader(storage, '3', fork);
    expect(await reader.line()).toBe('progress 3');
    await storage.update(inFork('a/x'), '2', build('mine'));
    await storage.delete(inFork('a/y'), '3', build('last'));
    await create(storage, 'a/unseen');
    const changes = await reader.until('5');
    expect(changes.map(line)).toEqual(['put a/x 4', 'delete a/y 5']);
    expect(changes.map(({ previous }) => [text(previous), previous!.key.cluster])).toEqual([
      ['a/x', 'fork'],
      ['a/y', 'fork'],
    ]);
    expect((await storage.list(fork, { at: '3' })).items.map(path)).toEqual(['a/x', 'a/y']);
    expect((await storage.list(fork, { at: '4' })).items.map(text)).toEqual(['mine', 'a/y']);
    reader.stop();
  });

  test('pages of a fork go on where they were, whatever it or its base writes', async () => {
    const { storage } = subject;
    for (let i = 0; i < 9; i++) await create(storage, `a/${i}`);
    await storage.fork('default', 'fork');
    const first = await storage.list(fork, { limit: 4 });
    expect(first).toMatchObject({ remaining: 5, revision: '10' });
    await storage.delete(inFork('a/5'), '7', build());
    await storage.delete(key('a/6'), '8', build());
    await storage.create(inFork('a/55'), build());
    const rest = await storage.list(fork, { limit: 9, cursor: first.cursor! });
    expect(rest.items.map(path)).toEqual(['a/4', 'a/5', 'a/6', 'a/7', 'a/8']);
    const names = (await storage.list({ ...fork, namespace: 'a' })).items.map(path);
    expect(names).toEqual(['a/0', 'a/1', 'a/2', 'a/3', 'a/4', 'a/55', 'a/6', 'a/7', 'a/8']);
  });

  test('owners are those of the fork', async () => {
    const { storage } = subject;
    for (const where of ['a/x', 'a/y', 'a/z']) await create(storage, where, ['u']);
    await storage.fork('default', 'fork');
    await storage.update(key('a/x'), '2', build(), { owners: ['v'] });
    await storage.delete(key('a/y'), '3', build());
    await storage.update(inFork('a/z'), '4', build(), {});
    await storage.create(inFork('b/n'), build(), { owners: ['u'] });
    const ownedBy = async (cluster: string, owner: string) =>
      (await storage.owned(cluster, owner)).map((k) => `${k.cluster} ${k.namespace}/${k.name}`);
    expect(await ownedBy('fork', 'u')).toEqual(['fork a/x', 'fork a/y', 'fork b/n']);
    expect(await ownedBy('fork', 'v')).toEqual([]);
    expect(await ownedBy('default', 'u')).toEqual(['default a/z']);
    expect((await storage.list({ ...fork, owner: 'u' }, { limit: 2 })).items.map(path)).toEqual([
      'a/x',
      'a/y',
    ]);
    expect((await storage.list({ ...fork, owner: 'u', namespace: 'b' })).items.map(path)).toEqual(['b/n']);
  });

  test('claims stay with the base until the fork makes its own', async () => {
    const { storage } = subject;
    await storage.create(key('a/x'), build(), { claims: ['1'], labels: { l: 'v' } });
    await storage.create(key('a/y'), build(), { claims: ['2'] });
    await storage.fork('default', 'fork');
    expect((await storage.get(inFork('a/x')))!.index).toEqual({ labels: { l: 'v' } });
    const holders = async () =>
      [...(await storage.claims('pods'))].map(([value, k]) => `${value} ${k.cluster} ${k.name}`).sort();
    const taken = storage.update(inFork('a/x'), '2', build(), { claims: ['1'], labels: { l: 'v' } });
    await expect(taken).rejects.toMatchObject({ claims: ['1'] });
    await storage.update(inFork('a/x'), '2', build(), { claims: ['3'] });
    await storage.delete(inFork('a/y'), '3', build());
    expect(await holders()).toEqual(['1 default x', '2 default y', '3 fork x']);
    await storage.drop('fork');
    expect(await holders()).toEqual(['1 default x', '2 default y']);
  });

  test('a fork of a fork shows what both were', async () => {
    const { storage } = subject;
    for (const where of ['a/x', 'a/y', 'a/z']) await create(storage, where);
    await storage.fork('default', 'fork');
    await storage.update(inFork('a/x'), '2', build('mine'));
    await storage.delete(inFork('a/y'), '3', build());
    await storage.fork('fork', 'deep');
    await storage.update(inFork('a/x'), '5', build('later'));
    await storage.create(inFork('a/y'), build('later'));
    await storage.update(key('a/z'), '4', build('later'));
    const deep = { ...pods, cluster: 'deep' };
    expect(await linesOf(storage, deep)).toEqual(['a/x@5=mine', 'a/z@4=a/z']);
    expect((await storage.get(key('a/z', deep)))!.writtenIn).toBe('default');
    expect((await storage.get(key('a/x', deep)))!.writtenIn).toBe('fork');
    expect((await storage.create(key('a/y', deep), build())).revision).toBe('7');
  });

  test('what a base has forgotten long ago its forks still show; when they are gone, nobody does', async () => {
    const storage = await subject.open({ retention: { keepMs: 1, keepAtLeast: 1, keepAtMost: 2 } });
    let { revision } = await create(storage, 'a/x', ['u']);
    await storage.fork('default', 'fork');
    for (let i = 0; i < 20; i++)
      ({ revision } = await storage.update(key('a/x'), revision, build(`${i}`), {}));
    await subject.clock.advance(120_000);
    expect(await linesOf(storage)).toEqual(['a/x@2=a/x']);
    expect(await storage.owned('fork', 'u')).toHaveLength(1);
    await storage.drop('fork');
    expect(await linesOf(storage)).toEqual([]);
    expect(await storage.forks('default')).toEqual([]);
    await storage.fork('default', 'fork');
    expect(await linesOf(storage)).toEqual(['a/x@22=19']);
  });

  test('resources that are left out begin empty', async () => {
    const { storage } = subject;
    await create(storage, 'a/x');
    await storage.create(key('/n', { resource: 'nodes' }), build('n'));
    await storage.fork('default', 'fork', { without: ['pods'] });
    expect(await linesOf(storage)).toEqual([]);
    expect(await linesOf(storage, { cluster: 'fork', resource: 'nodes' })).toEqual(['/n@2=n']);
    await storage.create(inFork('a/x'), build());
    await storage.delete(inFork('a/x'), '2', build());
    expect(await linesOf(storage)).toEqual([]);
  });

  test('a base cannot go while it has forks, and says which they are', async () => {
    const { storage } = subject;
    await create(storage, 'a/x');
    for (const cluster of ['two', 'one']) await storage.fork('default', cluster);
    expect(await storage.forks('default')).toEqual(['one', 'two']);
    await expect(storage.drop('default')).rejects.toThrow(
      'Operation cannot be fulfilled on logicalclusters.shallop.dev "default": it is the base of one, two; delete the forks first',
    );
    expect(await linesOf(storage, pods)).toEqual(['a/x@2=a/x']);
    for (const cluster of ['one', 'two', 'default']) await storage.drop(cluster);
    expect(await linesOf(storage, pods)).toEqual([]);
  });

  test('only an empty cluster becomes a fork, and of one base', async () => {
    const { storage } = subject;
    await create(storage, 'a/x');
    await storage.create(key('a/x', { cluster: 'other' }), build());
    await expect(storage.fork('default', 'other')).rejects.toEqual(reason('Conflict'));
    await expect(storage.fork('default', 'default')).rejects.toEqual(reason('Conflict'));
    await storage.fork('empty', 'fork-of-empty');
    await expect(storage.fork('fork-of-empty', 'empty')).rejects.toEqual(reason('Conflict'));
    await storage.fork('default', 'fork');
    await create(storage, 'a/later');
    await storage.fork('default', 'fork');
    expect(await linesOf(storage)).toEqual(['a/x@2=a/x']);
    await expect(storage.fork('other', 'fork')).rejects.toEqual(reason('Conflict'));
  });

  test('a name that comes back as a fork repeats no revision, and watches from before end', async () => {
    const { storage } = subject;
    await create(storage, 'a/x');
    const before = await storage.create(inFork('a/n'), build());
    for (const text of ['1', '2']) await storage.create(inFork(`a/${text}`), build());
    await storage.drop('fork');
    const reader = new Reader(storage, await storage.head('fork', 'pods'), fork);
    await reader.line();
    await storage.fork('default', 'fork');
    await expect(reader.next()).rejects.toEqual(expired);
    expect(await linesOf(storage)).toEqual(['a/x@2=a/x']);
    expect(Number(await storage.head('fork', 'pods'))).toBeGreaterThan(4);
    await expect(new Reader(storage, before.revision, fork).next()).rejects.toEqual(expired);
    expect(Number((await storage.create(inFork('a/n'), build())).revision)).toBeGreaterThan(4);
  });

  test('heads are those of what was written in the cluster itself', async () => {
    const { storage } = subject;
    await create(storage, 'a/x');
    await storage.create(key('/n', { resource: 'nodes' }), build('n'));
    await storage.list({ cluster: 'default', resource: 'never' });
    await storage.fork('default', 'fork');
    expect([...(await storage.heads('default'))].sort()).toEqual([
      ['nodes', '2'],
      ['pods', '2'],
    ]);
    expect([...(await storage.heads('fork'))]).toEqual([]);
    await storage.update(inFork('a/x'), '2', build('mine'));
    expect([...(await storage.heads('fork'))]).toEqual([['pods', '3']]);
  });

  test('sizes count what is shown, and the bytes of what is its own', async () => {
    const { storage } = subject;
    for (const where of ['a/x', 'a/y']) await create(storage, where);
    await storage.fork('default', 'fork');
    expect(await storage.size('fork')).toEqual({ objects: 2, bytes: 0 });
    const { value } = await storage.update(inFork('a/x'), '2', build('mine'));
    await storage.delete(inFork('a/y'), '3', build());
    const size = await storage.size('fork');
    expect(size.objects).toBe(1);
    // Sealed values are longer, by less than this.
    expect(size.bytes - value.length).toBeLessThan(200);
    expect(size.bytes).toBeGreaterThanOrEqual(value.length);
    expect(await storage.size('never')).toEqual({ objects: 0, bytes: 0 });
    expect((await storage.size('default')).objects).toBe(2);
  });
}
