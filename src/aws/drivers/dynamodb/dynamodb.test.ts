import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Simulator } from '../../../../test/support/dynamodb/simulator.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import type { Change, Key, Storage } from '../../../shared/ports/storage.ts';
import { type DynamoOptions, openDynamoStorage } from './index.ts';

const pods = { cluster: 'default', resource: 'pods' };
const key = (name: string) => ({ ...pods, namespace: 'a', name });
const build = (text: string) => () => Buffer.from(text);

let clock: ManualClock;
let simulator: Simulator;
let storage: Storage;
let processes = 1;
const open = (options: Partial<DynamoOptions> = {}): Storage =>
  openDynamoStorage({
    client: simulator.connect().client,
    table: 'shallop',
    clock,
    ids: seededIds(++processes),
    ...options,
  });

beforeEach(() => {
  clock = new ManualClock();
  simulator = new Simulator({ clock, ids: seededIds(1) });
  storage = open();
});

/** Returns how many requests of each kind `work` makes. */
async function requests(work: () => Promise<unknown>): Promise<Record<string, number>> {
  simulator.requests.clear();
  await work().catch(() => {});
  return Object.fromEntries(simulator.requests);
}

async function changes(from: Storage, since: string, count: number): Promise<Change[]> {
  const all: Change[] = [];
  for await (const event of from.watch(pods, since, new AbortController().signal)) {
    if (event.type !== 'progress') all.push(event);
    if (all.length === count) break;
  }
  return all;
}

describe('requests', () => {
  const write = { UpdateItem: 1, TransactWriteItems: 1 };

  test('a write is one counter update and one transaction, a get one read', async () => {
    await storage.create(key('first'), build('1'));
    expect(await requests(() => storage.create(key('x'), build('1'), { owners: ['u'] }))).toEqual(write);
    expect(await requests(() => storage.get(key('x')))).toEqual({ GetItem: 1 });
    expect(await requests(() => storage.update(key('x'), '3', build('2')))).toEqual(write);
    expect(await requests(() => storage.delete(key('x'), '4', build('3')))).toEqual(write);
  });

  test('another process reads what it replaces, and after a get no more', async () => {
    await storage.create(key('x'), build('1'));
    const other = open();
    expect(await requests(() => other.update(key('x'), '2', build('2')))).toEqual({ GetItem: 1, ...write });
    const third = open();
    await third.get(key('x'));
    expect(await requests(() => third.update(key('x'), '3', build('3')))).toEqual(write);
  });

  test('a stale update costs one read; a refused create gives its revision back', async () => {
    await storage.create(key('x'), build('1'));
    const other = open();
    expect(await requests(() => other.update(key('x'), '1', build('2')))).toEqual({ GetItem: 1 });
    expect(await requests(() => other.create(key('x'), build('2')))).toEqual({ ...write, UpdateItem: 2 });
    expect((await other.create(key('y'), build('2'))).revision).toBe('3');
  });

  test('D4: a list is the log, the objects and the log again; once it is kept, the log', async () => {
    await storage.create(key('x'), build('1'));
    await storage.head(pods.cluster, pods.resource);
    expect(await requests(() => storage.list(pods))).toEqual({ Query: 3 });
    for (const name of ['y', 'z']) await storage.create(key(name), build('1'));
    expect(await requests(() => storage.list(pods))).toEqual({ Query: 1 });
  });
});

describe('owners', () => {
  const owners = ['u'];

  test('all that has one is one query, whatever resources there are', async () => {
    for (const resource of ['pods', 'secrets', 'replicasets.apps'])
      await storage.create({ ...key('x'), resource }, build('1'), { owners });
    const other = open();
    expect(await requests(() => other.owned('default', 'u'))).toEqual({ Query: 1 });
    expect(await requests(() => other.owned('default', 'none'))).toEqual({ Query: 1 });
    expect(await other.owned('default', 'u')).toHaveLength(3);
  });

  test('more than fit into one answer are read on', async () => {
    const long = (i: number) => `${'x'.repeat(400)}${String(i).padStart(4, '0')}`;
    for (let i = 0; i < 2_600; i++)
      await storage.create({ ...key(long(i)), resource: i % 2 ? 'pods' : 'secrets' }, build('1'), { owners });
    let found: string[] = [];
    const read = async () => {
      found = (await storage.owned('default', 'u')).map(({ name }) => name);
    };
    expect((await requests(read)).Query).toBeGreaterThan(1);
    expect(new Set(found).size).toBe(2_600);
    expect((await open().list({ ...pods, owner: 'u' })).items).toHaveLength(1_300);
  });
});

describe('claims', () => {
  const write = { UpdateItem: 1, TransactWriteItems: 1 };
  const claims = ['10.96.0.1', '30080'];
  const claimItems = () =>
    simulator.operations.items
      .all()
      .filter(({ pk, holder }) => pk!.S!.startsWith('claim') && holder)
      .map(({ sk, holder }) => `${sk!.S} ${holder!.S!.replaceAll('\x1f', '/')}`);

  test('are gained, kept and lost in the transaction of their object', async () => {
    await storage.create(key('first'), build('1'));
    expect(await requests(() => storage.create(key('x'), build('1'), { claims }))).toEqual(write);
    const items = () => simulator.operations.items.all().find(({ sk }) => sk!.S === '30080');
    const before = items();
    expect(await requests(() => storage.update(key('x'), '3', build('2'), { claims }))).toEqual(write);
    expect(items()).toBe(before);
    expect(await requests(() => storage.delete(key('x'), '4', build('3')))).toEqual(write);
    expect(claimItems()).toEqual([]);
    expect(await requests(() => storage.claims('pods'))).toEqual({ Query: 1 });
  });

  test('that are held cost one attempt, which gives its revision back', async () => {
    await storage.create(key('x'), build('1'), { claims });
    const refused = () => open().create({ ...key('x'), cluster: 'branch' }, build('1'), { claims });
    await refused().catch(() => {});
    expect(await requests(refused)).toEqual({ ...write, UpdateItem: 2 });
  });

  test('beyond what a transaction holds are refused, take no revision, and what was written can go', async () => {
    const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => String(from + i));
    const huge = { reason: 'RequestEntityTooLarge' };
    await expect(storage.create(key('x'), build('1'), { claims: many(0, 89) })).rejects.toMatchObject(huge);
    expect((await storage.create(key('x'), build('1'), { claims: many(0, 88) })).revision).toBe('2');
    const next = storage.update(key('x'), '2', build('1'), { claims: many(45, 88) });
    await expect(next).rejects.toMatchObject(huge);
    const random = randomBytes(340_000);
    await storage.update(key('x'), '2', () => random, { claims: many(44, 88) });
    await storage.delete(key('x'), '3', () => random);
    expect(claimItems()).toEqual([]);
  });

  /** A process whose clock is behind by so much loses claims after another cluster of that clock has. */
  async function takesBehind(behindMs: number) {
    await clock.advance(1_000_000);
    const rival = { ...key('z'), cluster: 'branch' };
    const { revision } = await storage.create(rival, build('1'), { claims });
    await storage.delete(rival, revision, build('2'));
    const behind = { now: () => clock.now() - behindMs, sleep: (ms: number) => clock.sleep(ms) };
    const wanted = open({ clock: behind }).create(key('y'), build('1'), { claims });
    simulator.requests.clear();
    for (let ms = 0; ms < behindMs; ms += 500) await clock.advance(500);
    return wanted;
  }

  test('that another cluster lost by a clock that is ahead are had as soon as that time has come', async () => {
    expect((await takesBehind(2_000)).key.name).toBe('y');
    expect(simulator.requests.get('TransactWriteItems')).toBe(2);
  });

  test('that were lost by a clock which is ahead by more than a write lives are refused at once, saying so', async () => {
    await expect(takesBehind(40_000)).rejects.toThrow(
      'the storage could not write: another logical cluster lost what it claims, by a clock that is ahead by more than 30 s',
    );
  });

  test.each([
    ['had', (rival: Key, revision: string) => storage.delete(rival, revision, build('2'))],
    ['was dropped with', (rival: Key) => storage.drop(rival.cluster)],
  ])(
    'that another cluster %s meanwhile are not had at a revision at which one of this held them',
    async (_why, lose) => {
      await storage.create(key('x'), build('1'), { claims });
      const { client } = simulator.connect();
      let go = () => {};
      const told = new Promise<void>((resolve) => {
        go = resolve;
      });
      const late = open({
        client: {
          send: (async (command: { constructor: { name: string } }) => {
            if (command.constructor.name.startsWith('TransactWrite')) await told;
            return client.send(command as never);
          }) as never,
        },
      });
      const wanted = late.create(key('y'), build('1'), { claims });
      await clock.advance(10);
      const lost = await storage.update(key('x'), '2', build('2'));
      const rival = { ...key('z'), cluster: 'branch' };
      const { revision } = await storage.create(rival, build('1'), { claims });
      const losing = lose(rival, revision);
      for (let i = 0; i < 50; i++) await clock.advance(100);
      await losing;
      expect(claimItems()).toEqual([]);
      go();
      expect(Number((await wanted).revision)).toBeGreaterThan(Number(lost.revision));
    },
  );

  test('a drop that stopped half-way leaves alone what others took since', async () => {
    await storage.create({ ...key('x'), cluster: 'branch' }, build('1'), { claims });
    const { client, crash } = simulator.connect();
    const stopped = open({
      client: {
        send: ((command: { constructor: { name: string }; input: { Key?: { pk: { S: string } } } }) => {
          if (command.constructor.name.startsWith('Delete') && command.input.Key!.pk.S.startsWith('object'))
            crash();
          return client.send(command as never);
        }) as never,
      },
    });
    void stopped.drop('branch');
    await clock.advance(1_000);
    expect(claimItems()).toEqual([]);
    await storage.create(key('y'), build('1'), { claims });
    await open().drop('branch');
    expect(claimItems()).toEqual(claims.map((claim) => `${claim} default/pods/a/y`));
    expect((await open().list({ ...pods, cluster: 'branch' })).items).toEqual([]);
  });
});

describe('large values', () => {
  const large = randomBytes(900_000);

  test('are cut into parts in the same transaction, and parts of old states go', async () => {
    await storage.create(key('x'), () => large);
    expect(Buffer.compare((await open().get(key('x')))!.value, large)).toBe(0);
    expect(Buffer.compare((await open().list(pods)).items[0]!.value, large)).toBe(0);
    await storage.update(key('x'), '2', build('small'));
    const [, update] = await changes(open(), '1', 2);
    expect(Buffer.compare(update!.previous!.value, large)).toBe(0);
    const parts = simulator.operations.items.all().filter((item) => item.pk!.S!.startsWith('chunk'));
    expect(parts.every((item) => item.expires)).toBe(true);
  });

  test('compress when they can', async () => {
    await storage.create(key('x'), build('x'.repeat(1_000_000)));
    expect((await open().get(key('x')))!.value).toHaveLength(1_000_000);
    const stored = simulator.operations.items.all().map((item) => item.body?.B?.length ?? 0);
    expect(Math.max(...stored)).toBeLessThan(10_000);
  });

  test('that fit in no transaction are refused, and take no revision', async () => {
    const huge = { reason: 'RequestEntityTooLarge' };
    await expect(storage.create(key('x'), () => randomBytes(2_500_000))).rejects.toMatchObject(huge);
    expect((await storage.create(key('y'), build('1'))).revision).toBe('2');
  });

  test('with more labels than fit beside them are refused; what was stored can go', async () => {
    const labels = (count: number) => ({
      labels: Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${i}`, 'x'.repeat(63)])),
    });
    const huge = { reason: 'RequestEntityTooLarge' };
    await expect(storage.create(key('x'), build('1'), labels(500))).rejects.toMatchObject(huge);
    // Both states of the deletion fit into one item just so.
    await storage.create(key('x'), () => large.subarray(0, 175_000), labels(300));
    await storage.delete(key('x'), '2', () => large.subarray(0, 175_000));
    expect(await storage.get(key('x'))).toBeUndefined();
  });

  test('lists read on beyond the megabyte of one answer', async () => {
    for (let i = 0; i < 12; i++) await storage.create(key(`x${i}`), () => randomBytes(200_000));
    expect((await open().list(pods)).items).toHaveLength(12);
    expect((await changes(open(), '1', 12)).map((c) => c.object.value.length)).toEqual(
      Array.from({ length: 12 }, () => 200_000),
    );
  });
});

describe('time', () => {
  test('a log that lost entries by TTL is Expired, never a gap', async () => {
    await storage.create(key('x'), build('1'));
    await storage.create(key('y'), build('2'));
    const { revision } = await storage.list(pods);
    await clock.advance(86_400_000);
    simulator.operations.items.sweep(clock.now());
    // Nothing was written since: the revision of the list is still the newest, for anyone.
    const signal = new AbortController();
    for await (const event of open().watch(pods, revision, signal.signal)) {
      expect(event).toEqual({ type: 'progress', revision });
      signal.abort();
    }
    const expired = { reason: 'Expired' };
    await expect(changes(open(), '2', 1)).rejects.toMatchObject(expired);
    await storage.create(key('z'), build('3'));
    await expect(changes(open(), '2', 1)).rejects.toMatchObject(expired);
    expect((await changes(open(), revision, 1))[0]!.object.key.name).toBe('z');
    expect((await open().list(pods)).items).toHaveLength(3);
  });

  test('throttling is tried again, but not for ever', async () => {
    simulator.faults.throttle = 1;
    const failed = expect(storage.get(key('x'))).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
    for (let seconds = 0; seconds < 20; seconds++) await clock.advance(1_000);
    await failed;
    expect(simulator.count('GetItem')).toBe(8);
  });

  test('a wake-up makes a watch read at once', async () => {
    let wake = (_cluster: string, _resource: string) => {};
    const watching = open({
      wakeUps: (told) => {
        wake = told;
        return () => {};
      },
    });
    const first = changes(watching, '1', 1);
    await clock.advance(0);
    await storage.create(key('x'), build('1'));
    wake('default', 'pods');
    expect((await first)[0]!.object.revision).toBe('2');
    await watching.close();
  });

  test('a hole that a crashed writer left is closed after a moment, and the late write takes a new revision', async () => {
    const { client, crash } = simulator.connect();
    const sent: string[] = [];
    const crashing = openDynamoStorage({
      client: {
        send: ((command: { constructor: { name: string } }) => {
          sent.push(command.constructor.name);
          if (command.constructor.name.startsWith('TransactWrite')) crash();
          return client.send(command as never);
        }) as never,
      },
      table: 'shallop',
      clock,
      ids: seededIds(3),
    });
    void crashing.create(key('lost'), build('1'));
    await clock.advance(0);
    expect((await storage.create(key('x'), build('1'))).revision).toBe('3');
    const listing = storage.list(pods);
    await clock.advance(2_000);
    expect(await listing).toMatchObject({ revision: '3', items: [{ key: { name: 'x' } }] });
    const tombstones = simulator.operations.items.all().filter((item) => item.type?.S === 'none');
    expect(tombstones).toHaveLength(1);
  });
});
