import { expect, test } from '@jest/globals';
import type { Subject } from './storage.ts';
import { build, create, key, pods, text } from './storageSupport.ts';

const reason = (name: string) => expect.objectContaining({ reason: name });

export function writes(subject: Subject): void {
  test('an empty resource is at revision 1 and every write takes the next', async () => {
    const { storage } = subject;
    expect(await storage.head('default', 'pods')).toBe('1');
    const a = await create(storage, 'a/x');
    const b = await storage.update(key('a/x'), a.revision, build('2'));
    const c = await storage.delete(key('a/x'), b.revision, build('3'));
    expect([a, b, c].map((s) => s.revision)).toEqual(['2', '3', '4']);
    expect(await storage.head('default', 'pods')).toBe('4');
  });

  test('get answers the bytes that build made for the revision, with key and index', async () => {
    const { storage } = subject;
    const index = { labels: { app: 'x' }, fields: { 'spec.nodeName': 'n' }, owners: ['u1'] };
    const created = await storage.create(key('a/x'), build('é'), index);
    const got = await storage.get(key('a/x'));
    expect(Buffer.from(got!.value).toString()).toBe('{"revision":"2","text":"é"}');
    expect(got).toMatchObject({ key: key('a/x'), revision: '2', index });
    expect(created).toMatchObject({ key: key('a/x'), revision: '2', index });
    expect(await storage.get(key('a/y'))).toBeUndefined();
    expect(await storage.get(key('/x'))).toBeUndefined();
  });

  test('an index that is not given is empty', async () => {
    await create(subject.storage, 'a/x');
    expect((await subject.storage.get(key('a/x')))!.index).toEqual({});
  });

  test('create of what exists is AlreadyExists and changes nothing', async () => {
    const { storage } = subject;
    await create(storage, 'a/x');
    await expect(storage.create(key('a/x'), build('other'))).rejects.toEqual(reason('AlreadyExists'));
    await expect(storage.create(key('a/x'), build('other'))).rejects.toThrow('pods "x" already exists');
    subject.expectRevision(await storage.head('default', 'pods'), 2, 2);
    expect(text(await storage.get(key('a/x')))).toBe('a/x');
  });

  test('update and delete at an old revision are Conflict and change nothing', async () => {
    const { storage } = subject;
    await create(storage, 'a/x');
    await storage.update(key('a/x'), '2', build('new'));
    await expect(storage.update(key('a/x'), '2', build('lost'))).rejects.toEqual(reason('Conflict'));
    await expect(storage.delete(key('a/x'), '2', build('lost'))).rejects.toEqual(reason('Conflict'));
    expect(await storage.head('default', 'pods')).toBe('3');
    expect(text(await storage.get(key('a/x')))).toBe('new');
  });

  test('update and delete of what is not there are NotFound', async () => {
    const { storage } = subject;
    const where = key('a/x', { resource: 'deployments.apps' });
    await expect(storage.update(where, '2', build())).rejects.toThrow('deployments.apps "x" not found');
    await expect(storage.delete(where, '2', build())).rejects.toEqual(reason('NotFound'));
  });

  test('a deleted name can be created again, at a new revision', async () => {
    const { storage } = subject;
    await create(storage, 'a/x', ['u1']);
    const last = await storage.delete(key('a/x'), '2', build('gone'));
    expect(last).toMatchObject({ revision: '3', index: { owners: ['u1'] } });
    expect(text(last)).toBe('gone');
    expect(await storage.get(key('a/x'))).toBeUndefined();
    expect((await create(storage, 'a/x')).revision).toBe('4');
  });

  test('of many creates of one name one wins', async () => {
    const { storage } = subject;
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => storage.create(key('a/x'), build(`${i}`))),
    );
    expect(all.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    for (const r of all) if (r.status === 'rejected') expect(r.reason).toEqual(reason('AlreadyExists'));
    subject.expectRevision(await storage.head('default', 'pods'), 2, 19);
  });

  test('concurrent read-modify-writes lose nothing', async () => {
    const { storage } = subject;
    await storage.create(key('a/n'), build('0'));
    const increment = async (): Promise<void> => {
      const now = (await storage.get(key('a/n')))!;
      await storage.update(now.key, now.revision, build(`${Number(text(now)) + 1}`)).catch((error) => {
        expect(error).toEqual(reason('Conflict'));
        return increment();
      });
    };
    await Promise.all(Array.from({ length: 25 }, increment));
    expect(text(await storage.get(key('a/n')))).toBe('25');
    expect(await storage.head(pods.cluster, pods.resource)).toBe('27');
  });

  test('a write sees those that were called before it, resolved or not', async () => {
    const { storage } = subject;
    const results = await Promise.allSettled([
      create(storage, 'a/x'),
      storage.update(key('a/x'), '2', build('two')),
      storage.delete(key('a/x'), '3', build('three')),
      create(storage, 'a/x'),
    ]);
    expect(results.map((r) => r.status === 'fulfilled' && r.value.revision)).toEqual(['2', '3', '4', '5']);
  });

  test('a build that throws rejects its own write only', async () => {
    const { storage } = subject;
    const bad = storage.create(key('a/bad'), () => {
      throw new Error('no bytes');
    });
    const good = create(storage, 'a/good');
    await expect(bad).rejects.toThrow('no bytes');
    subject.expectRevision((await good).revision, 2, 1);
  });

  test.each(['a/', 'a/x\u0001y', `a/${'x'.repeat(600)}`, `a/${'字'.repeat(200)}`])(
    '%j is no key',
    async (where) => {
      await expect(create(subject.storage, where)).rejects.toEqual(reason('BadRequest'));
    },
  );

  test.each([600, 3_000])('what has a name of %d bytes is not there', async (length) => {
    const { storage } = subject;
    expect(await storage.get(key(`a/${'x'.repeat(length)}`))).toBeUndefined();
    const scope = { ...pods, namespace: 'x'.repeat(length) };
    expect(await storage.list(scope)).toMatchObject({ items: [] });
  });
}
