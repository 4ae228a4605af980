import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import type { Storage, Stored } from '../../ports/storage.ts';
import { openMemoryStorage } from '../memory/index.ts';
import { compiled } from './index.ts';

const resource = 'things.example.com';
const key = (name: string, cluster = 'default') => ({ cluster, resource, namespace: '', name });
const says = (text: string) => () => Buffer.from(text);

function counting(changes: Partial<Storage> = {}) {
  const storage = openMemoryStorage({ clock: new ManualClock() });
  const reads: string[] = [];
  const lists: string[] = [];
  const counted: Storage = new Proxy(storage, {
    get: (inner, name: keyof Storage) => {
      if (changes[name]) return changes[name];
      const found = inner[name];
      if (name === 'list')
        return (...args: Parameters<Storage['list']>) => {
          lists.push(args[0].cluster);
          return inner.list(...args);
        };
      return typeof found === 'function' ? found.bind(inner) : found;
    },
  });
  const words = compiled(counted, resource, {
    read: ({ value }: Stored) => {
      const text = Buffer.from(value).toString();
      reads.push(text);
      return text;
    },
    build: (entries) => [...entries].map(([name, text]) => `${name}=${text}`).sort(),
  });
  return { storage, words, reads, lists };
}

describe('what is made of all objects of a resource', () => {
  test('shows every acknowledged write, and the same value as long as there is none', async () => {
    const { storage, words } = counting();
    expect(await words('default')).toEqual([]);
    const { revision } = await storage.create(key('a'), says('1'));
    const first = await words('default');
    expect(first).toEqual(['/a=1']);
    expect(await words('default')).toBe(first);
    const changed = await storage.update(key('a'), revision, says('2'));
    expect(await words('default')).toEqual(['/a=2']);
    await storage.delete(key('a'), changed.revision, says('2'));
    expect(await words('default')).toEqual([]);
  });

  test('is at hand as long as nothing changes, and not after a write until that has been read', async () => {
    const { storage, words } = counting();
    await words('default');
    expect(words('default')).toEqual([]);
    await storage.create(key('a'), says('1'));
    const coming = words('default');
    expect(coming).toBeInstanceOf(Promise);
    expect(await coming).toEqual(['/a=1']);
    expect(words('default')).toEqual(['/a=1']);
  });

  test('is as fresh where the driver has to ask for the head', async () => {
    const changes: Partial<Storage> = {};
    const { storage, words } = counting(changes);
    changes.head = async (...asked) => storage.head(...asked);
    await words('default');
    await storage.create(key('a'), says('1'));
    expect(await words('default')).toEqual(['/a=1']);
    expect(await words('default')).toEqual(['/a=1']);
  });

  test('reads only what has changed, and lists once', async () => {
    const { storage, words, reads, lists } = counting();
    for (const name of ['a', 'b', 'c']) await storage.create(key(name), says(name));
    await words('default');
    expect(reads).toEqual(['a', 'b', 'c']);
    await storage.create(key('d'), says('d'));
    await Promise.all([words('default'), words('default')]);
    expect(reads).toEqual(['a', 'b', 'c', 'd']);
    expect(lists).toEqual(['default']);
  });

  test('a write during a refresh shows in what is asked after it', async () => {
    const { storage, words } = counting();
    await words('default');
    await storage.create(key('a'), says('1'));
    const under = words('default');
    await storage.create(key('b'), says('2'));
    expect(await words('default')).toEqual(['/a=1', '/b=2']);
    await under;
  });

  test('clusters are apart, and one that is removed and made again starts anew', async () => {
    const { storage, words } = counting();
    for (const name of ['a', 'b', 'c']) await storage.create(key(name, 'team'), says(name));
    expect(await words('team')).toHaveLength(3);
    expect(await words('default')).toEqual([]);
    await storage.drop('team');
    expect(await words('team')).toEqual([]);
    await storage.create(key('x', 'team'), says('x'));
    expect(await words('team')).toEqual(['/x=x']);
  });
});
