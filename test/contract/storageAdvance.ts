import { expect, test } from '@jest/globals';
import type { Subject } from './storage.ts';
import { build, create, key, path, pods, Reader, text } from './storageSupport.ts';

const quietMs = 300_000;

/** Revisions that are taken with no change. */
export function advances(subject: Subject): void {
  const advance = () => subject.storage.advance(pods.cluster, pods.resource, quietMs);

  test('a revision is taken with no change once the newest is old enough', async () => {
    const { storage, clock } = subject;
    await create(storage, 'a/x');
    await clock.advance(quietMs - 1);
    expect(await advance()).toBe('2');
    await clock.advance(1);
    expect(await advance()).toBe('3');
    expect(await advance()).toBe('3');
    expect(await storage.head(pods.cluster, pods.resource)).toBe('3');
    const { items, revision } = await storage.list(pods);
    expect([revision, items.map((item) => `${path(item)} ${item.revision}`)]).toEqual(['3', ['a/x 2']]);
    expect((await storage.get(key('a/x')))?.revision).toBe('2');
    expect((await create(storage, 'a/y')).revision).toBe('4');
    expect((await storage.update(key('a/x'), '2', build('x'))).revision).toBe('5');
  });

  test('what nobody ever wrote stays as it is', async () => {
    expect(await advance()).toBe('1');
    expect(await subject.storage.heads(pods.cluster)).toEqual(new Map());
  });

  test('the past on both sides of it can be listed, and its pages go on', async () => {
    const { storage, clock } = subject;
    for (const n of [1, 2, 3]) await create(storage, `a/${n}`);
    const first = await storage.list(pods, { limit: 2 });
    await clock.advance(quietMs);
    await advance();
    await storage.delete(key('a/3'), '4', build('gone'));
    const names = async (at: string) => (await storage.list(pods, { at })).items.map(text);
    expect([await names('3'), await names('4'), await names('5'), await names('6')]).toEqual([
      ['a/1', 'a/2'],
      ['a/1', 'a/2', 'a/3'],
      ['a/1', 'a/2', 'a/3'],
      ['a/1', 'a/2'],
    ]);
    const second = await storage.list(pods, { cursor: first.cursor! });
    expect([second.revision, second.items.map(text)]).toEqual(['4', ['a/3']]);
  });

  test('watches go on over it: those that are there, from before, and from itself', async () => {
    const { storage, clock } = subject;
    await create(storage, 'a/x');
    const live = new Reader(storage, '2');
    expect(await live.line()).toBe('progress 2');
    const progress = live.line();
    await clock.advance(quietMs);
    // Where a read takes a while it would find the next revision.
    expect(await progress).toBe('progress 2');
    expect(await advance()).toBe('3');
    const told = live.line();
    await clock.advance(60_000);
    expect(await told).toBe('progress 3');
    await create(storage, 'a/y');
    expect(await live.line()).toBe('put a/y 4');
    const before = new Reader(storage, '1');
    expect([await before.line(), await before.line(), await before.line()]).toEqual([
      'put a/x 2',
      'put a/y 4',
      'progress 4',
    ]);
    expect(await new Reader(storage, '3').line()).toBe('put a/y 4');
  });

  test('it is forgotten with what is around it', async () => {
    const storage = await subject.open({ retention: { keepMs: 1_000, keepAtLeast: 1, keepAtMost: 100 } });
    await create(storage, 'a/x');
    for (let n = 0; n < 3; n++) {
      await subject.clock.advance(quietMs);
      await storage.advance(pods.cluster, pods.resource, quietMs);
    }
    await subject.clock.advance(quietMs);
    expect((await create(storage, 'a/y')).revision).toBe('6');
    await expect(storage.list(pods, { at: '3' })).rejects.toMatchObject({ reason: 'Expired' });
    expect((await storage.list(pods)).items.map(path)).toEqual(['a/x', 'a/y']);
  });

  test('a restart keeps it', async () => {
    await create(subject.storage, 'a/x');
    await subject.clock.advance(quietMs);
    await advance();
    const again = await subject.restart(subject.storage);
    expect(await again.head(pods.cluster, pods.resource)).toBe('3');
    expect((await create(again, 'a/y')).revision).toBe('4');
    expect((await new Reader(again, '1').until('4')).map(({ object }) => object.revision)).toEqual([
      '2',
      '4',
    ]);
  });
}
