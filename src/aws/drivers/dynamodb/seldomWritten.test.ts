import { beforeEach, describe, expect, test } from '@jest/globals';
import { Simulator } from '../../../../test/support/dynamodb/simulator.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import { openDynamoStorage } from './index.ts';
import type { DynamoClient } from './sender.ts';

const roles = { cluster: 'default', resource: 'roles' };
const key = (name: string) => ({ ...roles, namespace: 'a', name });
const build = (text: string) => () => Buffer.from(text);
const day = 86_400_000;

let clock: ManualClock;
let simulator: Simulator;
let processes = 1;
const open = (
  seldom: readonly string[] = [roles.resource],
  client: DynamoClient = simulator.connect().client,
) => openDynamoStorage({ client, table: 'shallop', clock, ids: seededIds(++processes), seldom });
/** A process of a release that says nothing of what it reserves. */
const openEarlier = () => open([]);

beforeEach(() => {
  clock = new ManualClock();
  simulator = new Simulator({ clock, ids: seededIds(1) });
});

type Send = (command: { constructor: { name: string } }) => Promise<unknown>;
/** A process whose requests of a kind pass through `meet`. */
function openMeeting(
  kind: string,
  meet: (send: () => Promise<unknown>, crash: () => void) => Promise<unknown>,
) {
  const { client, crash } = simulator.connect();
  const send: Send = (command) => {
    const pass = () => client.send(command as never) as Promise<unknown>;
    return command.constructor.name.startsWith(kind) ? meet(pass, crash) : pass();
  };
  return open([roles.resource], { send: send as never });
}

/** A write whose process ends after it has said what it reserved. */
async function writeAndCrash(name: string): Promise<void> {
  const writer = openMeeting('TransactWrite', async (send, crash) => {
    crash();
    return send();
  });
  void writer.create(key(name), build('1'));
  await clock.advance(0);
}

/** What comes of it within so many milliseconds; undefined: nothing yet. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let result: T | undefined;
  void promise.then((found) => {
    result = found;
  });
  for (let passed = 0; passed <= ms && result === undefined; passed += 20) await clock.advance(20);
  return result;
}

async function queries(work: () => Promise<unknown>): Promise<number> {
  simulator.requests.clear();
  await work();
  return simulator.count('Query');
}

const logEntries = () => simulator.operations.items.all().filter(({ pk }) => pk!.S!.startsWith('log'));

test('a list that meets a write which nobody has said reads the log at once', async () => {
  const reader = open();
  await reader.head(roles.cluster, roles.resource);
  await openEarlier().create(key('x'), build('1'));
  expect(await within(1_000, reader.list(roles))).toMatchObject({
    revision: '2',
    items: [{ key: { name: 'x' } }],
  });
});

describe('a process that knows nothing, a moment after the first writes for a day', () => {
  beforeEach(async () => {
    await open().create(key('x'), build('1'));
    await clock.advance(day);
    simulator.operations.items.sweep(clock.now());
  });

  test('reads an object though the log does not tell where it begins', async () => {
    await writeAndCrash('lost');
    await open().create(key('y'), build('1'));
    await clock.advance(2_000);
    const reader = open();
    await expect(reader.list(roles)).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
    for (let times = 0; times < 4; times++)
      expect(await reader.get(key('x'))).toMatchObject({ revision: '2' });
  });

  test.each([
    [
      'a refused write',
      () =>
        open()
          .create(key('x'), build('1'))
          .catch(() => {}),
    ],
    ['an advance', () => open().advance(roles.cluster, roles.resource, 1_000)],
  ])('lists from the tombstone of %s', async (_, write) => {
    await write();
    await open().create(key('y'), build('1'));
    await clock.advance(2_000);
    expect((await open().list(roles)).items).toHaveLength(2);
  });
});

test('a deletion tells its index once more, since readers of earlier releases know of no other', async () => {
  const { client } = simulator.connect();
  const storage = openDynamoStorage({
    client,
    table: 'shallop',
    clock,
    ids: seededIds(2),
    packs: () => false,
  });
  const index = { labels: { app: 'web' } };
  await storage.create(key('x'), build('1'), index);
  await storage.update(key('x'), '2', build('2'), index);
  await storage.delete(key('x'), '3', build('2'));
  expect(logEntries().map(({ previousIndex }) => previousIndex?.S)).toEqual([
    undefined,
    undefined,
    JSON.stringify(index),
  ]);
});

test('a state that this process knows to be replaced is not at hand', async () => {
  const storage = openEarlier();
  await storage.create(key('x'), build('1'));
  const reader = openEarlier();
  await reader.list(roles);
  expect(reader.seen!(key('x'), '2')).toBeDefined();
  await storage.update(key('x'), '2', build('2'));
  await reader.get(key('x'));
  expect(reader.seen!(key('x'), '2')).toBeUndefined();
  expect(reader.seen!(key('x'), '3')).toBeDefined();
  simulator.requests.clear();
  await expect(reader.update(key('x'), '2', build('3'))).rejects.toMatchObject({ reason: 'Conflict' });
  expect(Object.fromEntries(simulator.requests)).toEqual({ GetItem: 1 });
});

test('a revision that was said and never written is closed after a while, and costs no more reads', async () => {
  const reader = open();
  await reader.create(key('x'), build('1'));
  await reader.list(roles);
  await writeAndCrash('lost');
  expect(await queries(() => reader.list(roles))).toBe(2);
  for (let looks = 0; looks < 4; looks++) {
    await clock.advance(30_000);
    await reader.list(roles);
  }
  expect(logEntries().map(({ type }) => type!.S)).toEqual(['put', 'none']);
  expect(await queries(() => reader.list(roles))).toBe(1);
});

test('a tombstone is not written under a revision that was reserved too long ago', async () => {
  await open().create(key('x'), build('1'));
  await clock.advance(10_000);
  let isFirst = true;
  const slow = openMeeting('UpdateItem', async (send) => {
    const answer = await send();
    if (isFirst) await clock.sleep(31_000);
    isFirst = false;
    return answer;
  });
  expect(await within(40_000, slow.advance(roles.cluster, roles.resource, 1_000))).toBe('4');
  expect(simulator.count('UpdateItem')).toBe(3);
  expect(logEntries().find(({ sk }) => Number(sk!.S) === 4)).toMatchObject({ type: { S: 'none' } });
});
