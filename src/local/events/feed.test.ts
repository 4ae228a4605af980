import { afterEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import { patternOf } from '../../shared/events/pattern.ts';
import { type Logger, silentLogger } from '../../shared/observability/logger.ts';
import type { NewEvent, Places } from '../../shared/ports/outbox.ts';
import type { Key, Storage } from '../../shared/ports/storage.ts';
import { noticed } from '../../shared/storage/decorators/noticed.ts';
import { openMemoryStorage } from '../../shared/storage/memory/index.ts';
import { Feed, type FeedOptions } from './feed.ts';

const clock = new ManualClock();
const keyOf = (name: string, more: Partial<Key> = {}): Key => ({
  ...{ cluster: 'default', resource: 'configmaps', namespace: 'default', name },
  ...more,
});
const bytesOf = (name: string) => (revision: string) =>
  Buffer.from(
    JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name, resourceVersion: revision } }),
  );
const refuse = (problem: string) => {
  throw new Error(problem);
};
const rules: FeedOptions['rules'] = [
  {
    name: 'all',
    pattern: patternOf({ 'detail-type': [{ prefix: 'ConfigMap ' }] }, 'pattern', refuse),
    targets: [{ name: 'one' }, { name: 'two' }],
    maximumEventAgeInSeconds: 60,
  },
];

/** A feed over a storage, and what it took up; `again` is the next process, with what was written down. */
function world(storage = openMemoryStorage({ clock }), log: Logger = silentLogger) {
  const kept = new Map<string, string>();
  const taken: NewEvent[] = [];
  let feed: Feed;
  const steps: number[] = [];
  const append = async (events: readonly NewEvent[], places: Places) => {
    steps.push(events.length);
    taken.push(...events);
    for (const [space, place] of places) {
      if (place === undefined) kept.delete(space);
      else kept.set(space, place);
    }
  };
  const begin = (from: Pick<Storage, 'watch' | 'list' | 'heads'> = storage) => {
    feed = new Feed({ storage: from, rules, deployment: 'test', places: new Map(kept), append, clock, log });
    running.push(feed);
    return feed;
  };
  begin();
  return {
    ...{ storage, kept, taken, steps, begin },
    written: noticed(storage, ({ key }) => feed.noticed(key)),
    start: (clusters = ['default']) => feed.start(clusters),
    stop: () => feed.stop(),
    /** What the first of the targets is told. */
    ids: () => taken.filter(({ to }) => to === 'all/one').map(({ id }) => id),
  };
}

const running: Feed[] = [];
afterEach(() => Promise.all(running.splice(0).map((feed) => feed.stop())));

const settled = async () => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
};

describe('the feed of events', () => {
  test('tells each target of what is written, and of nothing that was there before', async () => {
    const { written, storage, start, taken } = world();
    await storage.create(keyOf('before'), bytesOf('before'));
    await start();
    await written.create(keyOf('a'), bytesOf('a'));
    await written.create(keyOf('pod', { resource: 'pods' }), () =>
      Buffer.from('{"kind":"Pod","apiVersion":"v1","metadata":{}}'),
    );
    await settled();
    expect(taken.map(({ to, id, object, source }) => ({ to, id, object, source }))).toEqual(
      ['one', 'two'].map((target) => ({
        to: `all/${target}`,
        id: 'default/configmaps/3',
        object: '/shallop/test/clusters/default/api/v1/namespaces/default/configmaps/a',
        source: '/shallop/test/clusters/default',
      })),
    );
    expect(JSON.parse(Buffer.from(taken[0]!.text).toString())).toMatchObject({
      id: 'default/configmaps/3',
      data: { metadata: { name: 'a' } },
    });
  });

  test('tells of all in the order of the log, however fast it is written', async () => {
    const { written, start, ids } = world();
    await start();
    await Promise.all(
      Array.from({ length: 1_500 }, (_, i) => written.create(keyOf(`c${i}`), bytesOf(`c${i}`))),
    );
    while (ids().length < 1_500) await settled();
    expect(ids()).toEqual(Array.from({ length: 1_500 }, (_, i) => `default/configmaps/${i + 2}`));
  });

  test('tells the next process of what was written meanwhile, of new resources too, and of nothing twice', async () => {
    const { written, storage, start, stop, begin, ids } = world();
    await start();
    await written.create(keyOf('a'), bytesOf('a'));
    await settled();
    await stop();
    await storage.create(keyOf('b'), bytesOf('b'));
    await storage.create(keyOf('x', { resource: 'tests.example.org' }), bytesOf('x'));
    await begin().start(['default']);
    await settled();
    expect(ids()).toEqual(['default/configmaps/2', 'default/configmaps/3', 'default/tests.example.org/2']);
  });

  test('a process that was killed before it wrote anything down begins where it would have', async () => {
    const { written, storage, start, kept, begin, ids } = world();
    await storage.create(keyOf('before'), bytesOf('before'));
    await start();
    const asKept = new Map(kept);
    await written.create(keyOf('a'), bytesOf('a'));
    await settled();
    kept.clear();
    for (const [space, place] of asKept) kept.set(space, place);
    await begin().start(['default']);
    await settled();
    expect(ids()).toEqual(['default/configmaps/3', 'default/configmaps/3']);
  });

  test('writes down where it is now and then, although nothing is to be told', async () => {
    const { written, start, kept } = world();
    await start();
    await written.create(keyOf('n', { resource: 'nodes' }), () =>
      Buffer.from('{"kind":"Node","apiVersion":"v1","metadata":{}}'),
    );
    await settled();
    expect([...kept.keys()]).toEqual(['begun']);
    await clock.advance(10_000);
    expect(kept.get('default\x1fnodes')).toBe('2');
  });

  test('writes down one thing after another, so that no place goes back', async () => {
    const steps: string[] = [];
    const storage = openMemoryStorage({ clock });
    const append = async (events: readonly NewEvent[]) => {
      if (!isSlow) return;
      steps.push(`begins ${events.length}`);
      await clock.sleep(100);
      steps.push(`ends ${events.length}`);
    };
    let isSlow = false;
    const feed = new Feed({
      ...{ storage, rules, deployment: 'test', places: new Map(), append, clock, log: silentLogger },
    });
    await feed.start(['default']);
    isSlow = true;
    const node = '{"kind":"Node","apiVersion":"v1","metadata":{}}';
    const made = await storage.create(keyOf('n', { resource: 'nodes' }), () => Buffer.from(node));
    feed.noticed(made.key);
    await settled();
    await clock.advance(10_000);
    feed.noticed((await storage.create(keyOf('a'), bytesOf('a'))).key);
    await settled();
    for (let i = 0; i < 2; i++) await clock.advance(100);
    await feed.stop();
    expect(steps).toEqual(['begins 0', 'ends 0', 'begins 2', 'ends 2']);
  });

  test('tells of objects as they are when the log no longer reaches back', async () => {
    const retention = { keepAtLeast: 1, keepAtMost: 2 };
    const { written, storage, start, stop, begin, ids, taken } = world(
      openMemoryStorage({ clock, retention }),
    );
    await start();
    await written.create(keyOf('old'), bytesOf('old'));
    await settled();
    await stop();
    for (const name of ['a', 'b', 'c', 'd']) await storage.create(keyOf(name), bytesOf(name));
    await begin().start(['default']);
    await settled();
    expect(ids().slice(1).sort()).toEqual([3, 4, 5, 6].map((revision) => `default/configmaps/${revision}`));
    expect(JSON.parse(Buffer.from(taken.at(-1)!.text).toString()).type).toBe('dev.shallop.object.modified');
  });

  test('tells of all of them when they could not be listed at first', async () => {
    const retention = { keepAtLeast: 1, keepAtMost: 2 };
    const { written, storage, start, stop, begin, ids } = world(openMemoryStorage({ clock, retention }));
    await start();
    await written.create(keyOf('old'), bytesOf('old'));
    await settled();
    await stop();
    for (const name of ['a', 'b', 'c', 'd']) await storage.create(keyOf(name), bytesOf(name));
    let fails = 1;
    const from = {
      heads: (cluster: string) => storage.heads(cluster),
      watch: storage.watch.bind(storage),
      list: async (...args: Parameters<Storage['list']>) => {
        if (fails-- > 0) throw new Error('the disk');
        return storage.list(...args);
      },
    };
    await begin(from).start(['default']);
    await settled();
    expect(ids()).toHaveLength(1);
    await clock.advance(1_000);
    await settled();
    expect(ids().slice(1).sort()).toEqual([3, 4, 5, 6].map((revision) => `default/configmaps/${revision}`));
  });

  test('has large events written down before there are many', async () => {
    const { storage, start, stop, begin, ids, steps } = world();
    await start();
    await stop();
    const text = 'x'.repeat(900_000);
    for (let i = 0; i < 12; i++)
      await storage.create(keyOf(`c${i}`), (revision) =>
        Buffer.from(bytesOf(`c${i}`)(revision).toString().replace('}}', `},"data":{"text":"${text}"}}`)),
      );
    await begin().start(['default']);
    while (ids().length < 12) await settled();
    expect(Math.max(...steps)).toBe(10);
  });

  test('forgets a logical cluster that is deleted, and begins anew with one of its name', async () => {
    const { written, storage, start, kept, ids } = world();
    await start();
    const of = { cluster: 'c' };
    const object = keyOf('c', { resource: 'logicalclusters.shallop.dev', namespace: '' });
    const { revision } = await written.create(object, bytesOf('c'));
    await written.create(keyOf('a', of), bytesOf('a'));
    await settled();
    await storage.drop('c');
    await written.delete(object, revision, bytesOf('c'));
    await settled();
    await clock.advance(10_000);
    expect([...kept.keys()].filter((space) => space.startsWith('c\x1f'))).toEqual([]);
    const { revision: later } = await written.create(keyOf('b', of), bytesOf('b'));
    await settled();
    expect(ids().filter((id) => id.startsWith('c/'))).toEqual(['c/configmaps/2', `c/configmaps/${later}`]);
  });

  test('misses nothing of a new resource whose writers hear of their writes out of order', async () => {
    const { storage, begin, ids } = world();
    const feed = begin();
    await feed.start(['default']);
    const made = await Promise.all(['a', 'b'].map((name) => storage.create(keyOf(name), bytesOf(name))));
    feed.noticed(made[1]!.key);
    await settled();
    expect(ids()).toEqual(['default/configmaps/2', 'default/configmaps/3']);
  });

  test('of a fork it tells what is written there, and not what the base had', async () => {
    const { written, storage, start, ids } = world();
    for (const name of ['a', 'b', 'c']) await storage.create(keyOf(name), bytesOf(name));
    await start();
    await storage.fork('default', 'f');
    await written.create(keyOf('d', { cluster: 'f' }), bytesOf('d'));
    await settled();
    expect(ids()).toEqual(['f/configmaps/5']);
  });

  test('passes over what new logical clusters are made of', async () => {
    const { written, start, ids } = world();
    await start();
    await written.create(keyOf('a', { cluster: 'new.1' }), bytesOf('a'));
    await written.create(keyOf('a'), bytesOf('a'));
    await settled();
    expect(ids()).toEqual(['default/configmaps/2']);
  });

  test('reads again what could not be read', async () => {
    const { storage, begin, ids } = world();
    let fails = 1;
    const from = {
      heads: (cluster: string) => storage.heads(cluster),
      list: storage.list.bind(storage),
      watch: (...args: Parameters<Storage['watch']>) => {
        if (fails-- > 0) throw new Error('the disk');
        return storage.watch(...args);
      },
    };
    const feed = begin(from);
    await feed.start(['default']);
    const { key } = await storage.create(keyOf('a'), bytesOf('a'));
    feed.noticed(key);
    await settled();
    expect(ids()).toEqual([]);
    await clock.advance(1_000);
    await settled();
    expect(ids()).toEqual(['default/configmaps/2']);
  });

  test('passes over what is no object', async () => {
    const { written, start, ids } = world();
    await start();
    await written.create(keyOf('bad'), () => Buffer.from('{"kind":"ConfigMap"'));
    await written.create(keyOf('good'), bytesOf('good'));
    await settled();
    expect(ids()).toEqual(['default/configmaps/3']);
  });
});
