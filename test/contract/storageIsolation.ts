import { expect, test } from '@jest/globals';
import type { Subject } from './storage.ts';
import { build, create, key, path, pods, Reader } from './storageSupport.ts';

const expired = expect.objectContaining({ reason: 'Expired' });
const branch = { ...pods, cluster: 'branch' };

export function isolation(subject: Subject): void {
  test('clusters and resources have their own objects, revisions and watches', async () => {
    const { storage } = subject;
    const reader = new Reader(storage, '1', branch);
    await create(storage, 'a/x');
    await create(storage, 'a/y');
    await storage.create(key('a/x', { resource: 'pods.example.com' }), build(), { owners: ['u'] });
    await storage.create(key('a/x', { cluster: 'branch' }), build());
    expect((await storage.list(pods)).items.map(path)).toEqual(['a/x', 'a/y']);
    expect((await storage.list({ ...pods, owner: 'u' })).items).toEqual([]);
    expect(await storage.list(branch)).toMatchObject({
      revision: '2',
      items: [{ key: { cluster: 'branch' } }],
    });
    expect(await storage.head('default', 'pods')).toBe('3');
    expect(await storage.head('default', 'pods.example.com')).toBe('2');
    expect((await reader.until('2')).map((c) => c.object.key.cluster)).toEqual(['branch']);
  });

  test('a dropped cluster is gone, others stay, and its watches end with Expired', async () => {
    const { storage } = subject;
    await create(storage, 'a/x', ['u']);
    for (const cluster of ['branch', 'branch-2'])
      await storage.create(key('a/x', { cluster }), build(), { owners: ['u'] });
    await storage.create(key('a/x', { cluster: 'branch', resource: 'nodes' }), build());
    const reader = new Reader(storage, '1', branch);
    const other = new Reader(storage, '1');
    await reader.until('2');
    await storage.drop('branch');
    await expect(reader.until('never')).rejects.toEqual(expired);
    expect((await storage.list(branch)).items).toEqual([]);
    expect((await storage.list({ ...branch, owner: 'u' })).items).toEqual([]);
    expect(await storage.get(key('a/x', { cluster: 'branch' }))).toBeUndefined();
    expect((await storage.list({ ...pods, cluster: 'branch-2' })).items).toHaveLength(1);
    expect(await other.line()).toBe('put a/x 2');
    await storage.drop('never-seen');
  });

  test('a cluster that comes back never repeats a revision', async () => {
    const { storage } = subject;
    const x = key('a/x', { cluster: 'branch' });
    const before = await storage.create(x, build());
    await storage.drop('branch');
    await expect(new Reader(storage, before.revision, branch).next()).rejects.toEqual(expired);
    const after = await storage.create(x, build());
    expect(Number(after.revision)).toBeGreaterThan(Number(before.revision));
    await expect(storage.update(x, before.revision, build())).rejects.toMatchObject({ reason: 'Conflict' });
  });

  test('close waits for writes, ends watches without error, and nothing works after', async () => {
    const { storage } = subject;
    const reader = new Reader(storage, '1');
    await reader.line();
    const end = reader.line();
    const write = create(storage, 'a/x');
    await storage.close();
    expect((await write).revision).toBe('2');
    expect(['end', 'put a/x 2']).toContain(await end);
    const unavailable = expect.objectContaining({ reason: 'ServiceUnavailable' });
    await expect(create(storage, 'a/y')).rejects.toEqual(unavailable);
    await expect(storage.get(key('a/x'))).rejects.toEqual(unavailable);
    await expect(storage.list(pods)).rejects.toEqual(unavailable);
    expect(await new Reader(storage, '1').line()).toBe('end');
    await storage.close();
  });
}
