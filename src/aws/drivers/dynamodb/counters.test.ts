import { beforeEach, describe, expect, test } from '@jest/globals';
import { Simulator } from '../../../../test/support/dynamodb/simulator.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import type { Storage } from '../../../shared/ports/storage.ts';
import { openDynamoStorage } from './index.ts';
import { inMoments } from './moment.ts';
import type { DynamoClient } from './sender.ts';

const of = (resource: string) => ({ cluster: 'default', resource });
const key = (resource: string, name = 'x') => ({ ...of(resource), namespace: 'a', name });
const build = (text: string) => () => Buffer.from(text);

let clock: ManualClock;
let simulator: Simulator;
let processes = 1;
const open = (client: DynamoClient = simulator.connect().client): Storage =>
  openDynamoStorage({ client, table: 'shallop', clock, ids: seededIds(++processes) });

beforeEach(() => {
  clock = new ManualClock();
  simulator = new Simulator({ clock, ids: seededIds(1) });
});

async function queries(work: () => Promise<unknown>): Promise<number> {
  simulator.requests.clear();
  await work();
  return simulator.count('Query') + simulator.count('GetItem');
}

describe('counters where an earlier release had them', () => {
  interface Command {
    constructor: { name: string };
    input: { Key?: { pk: { S: string }; sk: { S: string } }; ConditionExpression?: string };
  }
  /** A process of that release: it has each counter by itself. */
  function openEarlier(): Storage {
    const { client } = simulator.connect();
    const send = (command: Command) => {
      const [kind, cluster] = command.input.Key?.pk.S.split('\x1f') ?? [];
      if (kind !== 'counters') return client.send(command as never);
      const { Key, ConditionExpression, ...input } = command.input;
      const place = { pk: { S: `counter\x1f${cluster}\x1f${Key!.sk.S}` }, sk: { S: '-' } };
      const condition = ConditionExpression?.includes('exists') ? {} : { ConditionExpression };
      const { name } = command.constructor;
      return client.send({ constructor: { name }, input: { ...input, ...condition, Key: place } } as never);
    };
    return open({ send: send as never });
  }

  test('are gone on from by the first write', async () => {
    const earlier = openEarlier();
    await earlier.create(key('maps'), build('1'));
    await earlier.update(key('maps'), '2', build('2'));
    const storage = open();
    expect((await storage.list(of('maps'))).revision).toBe('3');
    expect((await storage.update(key('maps'), '3', build('3'))).revision).toBe('4');
    expect((await open().list(of('maps'))).revision).toBe('4');
  });

  test('may be used beside the new ones: what either writes has one revision, and shows at once', async () => {
    const [earlier, storage, reader] = [openEarlier(), open(), open()];
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const looked = () => inMoments(() => reader.list(of('maps')));
    for (const [i, name] of names.entries()) {
      await (i % 2 ? storage : earlier).create(key('maps', name), build(name));
      expect((await looked()).items.map((item) => item.key.name)).toEqual(names.slice(0, i + 1));
    }
    const revisions = (await looked()).items.map(({ revision }) => Number(revision));
    expect(new Set(revisions).size).toBe(names.length);
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
  });

  test('that nobody has moved have their logs read', async () => {
    const earlier = openEarlier();
    await earlier.create(key('maps'), build('1'));
    const reader = open();
    const looked = () => inMoments(() => reader.list(of('maps')));
    expect((await looked()).revision).toBe('2');
    await earlier.update(key('maps'), '2', build('2'));
    expect((await looked()).revision).toBe('3');
  });
});

describe('a run that looks in moments', () => {
  const resources = ['maps', 'pods', 'sets'];

  test('D4: learns by one read that many resources are as they were', async () => {
    const storage = open();
    for (const resource of resources) await storage.create(key(resource), build('1'));
    const reader = open();
    const look = () =>
      inMoments(async () => {
        for (const resource of resources) await reader.list(of(resource));
        for (const resource of resources) await reader.get(key(resource));
      });
    await look();
    await clock.advance(3_000);
    await look();
    expect(await queries(look)).toBe(1);
  });

  test('D4: in a process that knows nothing, too, of logs that have been silent for a while', async () => {
    const storage = open();
    for (const resource of resources) await storage.create(key(resource), build('1'));
    await clock.advance(100_000);
    const reader = open();
    const heads = () => inMoments(() => Promise.all(resources.map((name) => reader.head('default', name))));
    expect(await queries(heads)).toBe(1);
    expect(await heads()).toEqual(['2', '2', '2']);
  });

  test('sees what it has written itself', async () => {
    const storage = open();
    await storage.create(key('maps'), build('1'));
    await inMoments(async () => {
      expect((await storage.get(key('maps')))?.revision).toBe('2');
      await storage.update(key('maps'), '2', build('2'));
      expect((await storage.get(key('maps')))?.revision).toBe('3');
      expect((await storage.list(of('maps'))).revision).toBe('3');
    });
  });

  /** A writer counts in one resource, then in the other: the first is never behind for who has seen the second. */
  test.each(Array.from({ length: 12 }, (_, i) => i + 1))(
    'never sees anything older later (seed %i)',
    async (seed) => {
      const { random } = seededIds(seed);
      const writer = open();
      let revisions = ['first', 'second'].map(() => '');
      const write = async (text: string) => {
        const next: string[] = [];
        for (const [i, resource] of ['first', 'second'].entries()) {
          const expected = revisions[i]!;
          const stored = expected
            ? await writer.update(key(resource), expected, build(text))
            : await writer.create(key(resource), build(text));
          next.push(stored.revision);
        }
        revisions = next;
      };
      await write('0');
      Object.assign(simulator.faults, { delayMs: 8, commitMs: 5, slow: 0.1, slowMs: 200 });
      const reader = open();
      const looks = [
        async (resource: string) => (await reader.get(key(resource)))?.value,
        async (resource: string) => (await reader.list(of(resource))).items[0]?.value,
        async (resource: string) => (await reader.list({ ...of(resource), namespace: 'a' })).items[0]?.value,
      ];
      const look = async (resource: string) =>
        Number(Buffer.from((await looks[Math.floor(random() * looks.length)]!(resource)) ?? []).toString());
      const run = () =>
        inMoments(async () => {
          // What each resource has to say at least, after what has been seen.
          const least = { first: 0, second: 0 };
          for (let times = 0; times < 12; times++) {
            const resource = random() < 0.5 ? 'first' : 'second';
            const count = await look(resource);
            expect(count).toBeGreaterThanOrEqual(least[resource]);
            least.first = Math.max(least.first, count);
            least.second = Math.max(least.second, resource === 'first' ? count - 1 : count);
            if (random() < 0.3) await clock.sleep(Math.ceil(random() * 30));
          }
        });
      const writing = (async () => {
        for (let count = 1; count <= 60; count++) await write(String(count));
      })();
      const runs = [0, 1, 2].map(async () => {
        for (let count = 0; count < 8; count++) await run();
      });
      let done = false;
      const all = Promise.all([writing, ...runs]).finally(() => {
        done = true;
      });
      all.catch(() => {});
      while (!done) await clock.advance(1);
      await all;
    },
  );
});
