import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import type { Storage } from '../../ports/storage.ts';
import { openMemoryStorage } from '../memory/index.ts';
import { single } from './single.ts';

const resource = 'things';
const key = (name: string, cluster = 'default') => ({ cluster, resource, namespace: 'n', name });
const says = (text: string) => () => Buffer.from(text);

function reading(knowsHeads = true) {
  const storage = openMemoryStorage({ clock: new ManualClock() });
  let gets = 0;
  let heads = 0;
  const counted: Pick<Storage, 'get' | 'head' | 'knowsHeads'> = {
    knowsHeads,
    get: (asked) => {
      gets++;
      return storage.get(asked);
    },
    head: (cluster, of) => {
      heads++;
      return storage.head(cluster, of);
    },
  };
  const word = single(counted, resource, ({ value }) => Buffer.from(value).toString());
  return {
    storage,
    word: (name: string, cluster = 'default') => word(cluster, 'n', name),
    gets: () => gets,
    heads: () => heads,
  };
}

test('an object is read once, and then at hand until its resource changes', async () => {
  const { storage, word, gets } = reading();
  const { revision } = await storage.create(key('a'), says('1'));
  expect(await word('a')).toBe('1');
  expect(word('a')).toBe('1');
  expect(gets()).toBe(1);
  const changed = await storage.update(key('a'), revision, says('2'));
  expect(await word('a')).toBe('2');
  await storage.delete(key('a'), changed.revision, says('2'));
  expect(await word('a')).toBeUndefined();
});

test('what is not there is asked for again', async () => {
  const { storage, word } = reading();
  expect(await word('a')).toBeUndefined();
  await storage.create(key('a'), says('1'));
  expect(await word('a')).toBe('1');
});

test('what changes while it is read is not remembered', async () => {
  const { storage, word } = reading();
  const { revision } = await storage.create(key('a'), says('1'));
  const under = word('a');
  await storage.update(key('a'), revision, says('2'));
  await under;
  expect(await word('a')).toBe('2');
});

test('a cluster that is removed and made again has nothing of the old one', async () => {
  const { storage, word } = reading();
  await storage.create(key('a', 'team'), says('old'));
  expect(await word('a', 'team')).toBe('old');
  await storage.drop('team');
  await storage.create(key('a', 'team'), says('new'));
  expect(await word('a', 'team')).toBe('new');
});

test('where the head has to be asked for, it is not, and each read is one', async () => {
  const { storage, word, gets, heads } = reading(false);
  await storage.create(key('a'), says('1'));
  expect([await word('a'), await word('a')]).toEqual(['1', '1']);
  expect([gets(), heads()]).toEqual([2, 0]);
});

test('of large objects fewer are remembered', async () => {
  const { storage, word, gets } = reading();
  const large = 'x'.repeat(400_000);
  for (const name of ['a', 'b', 'c']) await storage.create(key(name), says(large));
  for (const name of ['a', 'b']) await word(name);
  expect([word('a'), word('b'), gets()]).toEqual([large, large, 2]);
  await word('c');
  expect([word('c'), gets()]).toEqual([large, 3]);
  expect(word('a')).toBeInstanceOf(Promise);
});

test('what an object was before takes no room', async () => {
  const { storage, word, gets } = reading();
  const large = 'x'.repeat(400_000);
  await storage.create(key('other', 'team'), says(large));
  await word('other', 'team');
  let { revision } = await storage.create(key('a'), says(large));
  for (let i = 0; i < 4; i++) {
    await word('a');
    ({ revision } = await storage.update(key('a'), revision, says(large)));
  }
  const read = gets();
  expect([word('other', 'team'), gets()]).toEqual([large, read]);
});
