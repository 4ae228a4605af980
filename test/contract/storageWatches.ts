import { expect, test } from '@jest/globals';
import type { Subject } from './storage.ts';
import { build, create, key, line, pods, Reader, text } from './storageSupport.ts';

const expired = expect.objectContaining({ reason: 'Expired' });

export function watches(subject: Subject): void {
  test('the past is told, then progress once, then what comes', async () => {
    const { storage } = subject;
    await create(storage, 'a/x');
    await create(storage, 'b/y');
    const reader = new Reader(storage, '1');
    expect([await reader.line(), await reader.line(), await reader.line()]).toEqual([
      'put a/x 2',
      'put b/y 3',
      'progress 3',
    ]);
    const next = reader.line();
    await create(storage, 'a/z');
    expect(await next).toBe('put a/z 4');
    reader.stop();
    expect(await reader.line()).toBe('end');
  });

  test('changes carry the new, the previous and the final state', async () => {
    const { storage } = subject;
    await storage.create(key('a/x'), build('one'), { labels: { v: '1' } });
    await storage.update(key('a/x'), '2', build('two'), { labels: { v: '2' } });
    await storage.delete(key('a/x'), '3', build('three'));
    const changes = await new Reader(storage, '1').until('4');
    expect(
      changes.map((c) => [c.type, text(c.object), text(c.previous), c.object.index, c.previous?.index]),
    ).toEqual([
      ['put', 'one', undefined, { labels: { v: '1' } }, undefined],
      ['put', 'two', 'one', { labels: { v: '2' } }, { labels: { v: '1' } }],
      ['delete', 'three', 'two', { labels: { v: '2' } }, { labels: { v: '2' } }],
    ]);
    expect(changes[1]!.previous).toMatchObject({ revision: '2', key: key('a/x') });
  });

  test('changes say when they were written, from the log and live', async () => {
    const { storage, clock } = subject;
    const first = clock.now();
    await create(storage, 'a/x');
    await clock.advance(1_000);
    const reader = new Reader(storage, '1');
    const [old] = await reader.until('2');
    await create(storage, 'a/y');
    const [live] = await reader.until('3');
    expect([old!.at, live!.at]).toEqual([first, first + 1_000]);
    reader.stop();
  });

  test('live changes carry the same', async () => {
    const { storage } = subject;
    const reader = new Reader(storage, '1');
    expect(await reader.line()).toBe('progress 1');
    await storage.create(key('a/x'), build('one'));
    await storage.update(key('a/x'), '2', build('two'));
    const [first, second] = await reader.until('3');
    expect([text(first!.object), first!.previous]).toEqual(['one', undefined]);
    expect([text(second!.object), text(second!.previous)]).toEqual(['two', 'one']);
    expect(second!.object.key).toEqual(key('a/x'));
  });

  test('a watch of a namespace hears of that alone, and of progress beyond it', async () => {
    const { storage, clock } = subject;
    const reader = new Reader(storage, '1', { ...pods, namespace: 'a' });
    await create(storage, 'a/x');
    expect([await reader.line(), await reader.line()]).toEqual(['put a/x 2', 'progress 2']);
    await create(storage, 'b/x');
    const next = reader.line();
    await clock.advance(60_000);
    expect(await next).toBe('progress 3');
  });

  test('progress comes every minute while it is quiet', async () => {
    const { storage, clock } = subject;
    const reader = new Reader(storage, '1');
    expect(await reader.line()).toBe('progress 1');
    for (let minute = 0; minute < 3; minute++) {
      const next = reader.line();
      await clock.advance(60_000);
      expect(await next).toBe('progress 1');
    }
  });

  test('nothing is missing and nothing comes twice when a watch starts among writes', async () => {
    const { storage } = subject;
    const total = 300;
    const readers: Reader[] = [];
    const writers = Array.from({ length: 10 }, async (_, w) => {
      for (let i = 0; i < total / 10; i++) {
        await create(storage, `a/${w}-${i}`);
        if (i % 5 === 0) {
          const { revision } = await storage.list(pods);
          const reader = new Reader(storage, revision);
          readers.push(reader);
          void reader.next();
        }
      }
    });
    const first = new Reader(storage, '1').until(String(total + 1));
    await Promise.all(writers);
    expect((await first).map((c) => Number(c.object.revision))).toEqual(
      Array.from({ length: total }, (_, i) => i + 2),
    );
    await create(storage, 'z/last');
    for (const reader of readers) {
      const revisions = (await reader.until(String(total + 2))).map((c) => Number(c.object.revision));
      expect(revisions).toEqual(revisions.map((_, i) => revisions[0]! + i));
      reader.stop();
    }
  });

  test('a slow consumer misses nothing and hears nothing twice', async () => {
    const storage = await subject.open({ queueLimit: 5 });
    const reader = new Reader(storage, '1');
    expect(await reader.line()).toBe('progress 1');
    const seen: string[] = [];
    for (let i = 0; i < 60; i++) {
      await create(storage, `a/${i}`);
      if (i % 20 === 19) seen.push(await reader.line());
    }
    seen.push(...(await reader.until('61')).map(line));
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => `put a/${i} ${i + 2}`));
  });

  test('a consumer that is slower than the log is long gets Expired', async () => {
    const retention = { keepMs: 1e9, keepAtLeast: 1, keepAtMost: 5 };
    const storage = await subject.open({ queueLimit: 5, retention });
    const reader = new Reader(storage, '1');
    expect(await reader.line()).toBe('progress 1');
    for (let i = 0; i < 50; i++) await create(storage, `a/${i}`);
    await expect(reader.until('51')).rejects.toEqual(expired);
    expect(await reader.line()).toBe('end');
    await expect(new Reader(storage, '1').next()).rejects.toEqual(expired);
  });

  test('since must be a revision there has been', async () => {
    const { storage } = subject;
    await expect(new Reader(storage, '7').next()).rejects.toEqual(expired);
    await expect(new Reader(storage, '0').next()).rejects.toEqual(expired);
    const bad = expect.objectContaining({ reason: 'BadRequest' });
    await expect(new Reader(storage, 'x').next()).rejects.toEqual(bad);
  });

  test('aborting ends a waiting watch, and one that never began', async () => {
    const { storage } = subject;
    const waiting = new Reader(storage, '1');
    await waiting.line();
    const next = waiting.line();
    waiting.stop();
    expect(await next).toBe('end');
    const never = new Reader(storage, '1');
    never.stop();
    expect(await never.line()).toBe('end');
  });

  test('what a watch tells can be read, and lists with it', async () => {
    const { storage } = subject;
    const reader = new Reader(storage, '1');
    for (let i = 0; i < 20; i++) void create(storage, `a/${i}`);
    for (let i = 0; i < 20; ) {
      const event = await reader.next();
      if (event === 'end' || event.type === 'progress') continue;
      i++;
      expect(await storage.get(event.object.key)).toMatchObject({ revision: event.object.revision });
      expect((await storage.list(pods, { at: event.object.revision })).items).toHaveLength(i);
    }
  });
}
