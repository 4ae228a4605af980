import { describe, expect, test } from '@jest/globals';
import { Simulator } from '../../test/support/dynamodb/simulator.ts';
import { sources } from '../../tools/structure/sources.ts';
import { ManualClock } from '../shared/clock/manualClock.ts';
import { seededIds } from '../shared/clock/seededIds.ts';
import { forkFormat, packedFormat, plainFormat, tableFormat } from './drivers/dynamodb/format.ts';
import { openDynamoStorage } from './drivers/dynamodb/index.ts';
import { formatPlace, keyAttributes, number, text } from './drivers/dynamodb/layout.ts';
import { openNameLedger } from './drivers/dynamodb/nameLedger.ts';
import { openPodUsage } from './drivers/dynamodb/podUsage.ts';
import { logPrefix, streamReader } from './drivers/dynamodb/streamRecords.ts';
import { openTimers } from './drivers/dynamodb/timers.ts';
import { ofKnownFormat } from './knownFormat.ts';

const clock = new ManualClock();
const key = { cluster: 'default', resource: 'pods', namespace: 'a', name: 'x' };
const build = (revision: string) => Buffer.from(`{"r":"${revision}"}`);

function opened(stored?: number) {
  const simulator = new Simulator({ clock, ids: seededIds(1) });
  const { items } = simulator.operations;
  if (stored) items.put({ ...keyAttributes(formatPlace), format: number(stored) });
  const process = (seed: number, format?: number, client = simulator.connect().client) => {
    const options = { table: 'shallop', clock, ids: seededIds(seed) };
    const guarded = ofKnownFormat(client, { ...options, ...(format && { format }) });
    return { ...options, client: guarded, packs: guarded.packs, knows: guarded.format };
  };
  return { simulator, process, formatOf: () => items.get(keyAttributes(formatPlace))?.format };
}

/** Time goes on until the answer is there: the simulator takes some for each request. */
async function ask<T>(request: Promise<T>): Promise<T> {
  let done = false;
  const end = request.finally(() => {
    done = true;
  });
  end.catch(() => {});
  while (!done) await clock.advance(10);
  return end;
}

test('the first process says what the format is, and others ask once', async () => {
  const { simulator, process, formatOf } = opened();
  const first = process(2);
  expect(first.knows()).toBe(0);
  await ask(openDynamoStorage(first).create(key, build));
  expect(formatOf()).toEqual(number(packedFormat));
  expect(first.knows()).toBe(packedFormat);
  const other = openDynamoStorage(process(3));
  await ask(other.get(key));
  const reads = simulator.count('GetItem');
  await ask(other.get(key));
  expect(simulator.count('GetItem')).toBe(reads + 1);
});

test('the first fork raises the format: versions that know none would overwrite what it shows', async () => {
  const { process, formatOf } = opened(plainFormat);
  const storage = openDynamoStorage(process(2));
  await ask(storage.create(key, build));
  expect(formatOf()).toEqual(number(plainFormat));
  await ask(storage.fork('default', 'try'));
  expect(formatOf()).toEqual(number(forkFormat));
  const refused = ask(openDynamoStorage(process(3, plainFormat)).get(key));
  await expect(refused).rejects.toThrow('deploy a newer version of shallop');
});

describe('a table of an earlier version', () => {
  const hour = 60 * 60_000;
  const past = 24 * hour;
  type Start = ReturnType<typeof opened>['process'];
  /** A process of this version meets the table each `step`, until less than that is left of `ms`. */
  async function startEvery(step: number, ms: number, process: Start) {
    for (let at = step; at < ms; at += step) {
      await clock.advance(step);
      await ask(openDynamoStorage(process(++processes)).get(key));
    }
  }
  /** Writes once more; answers whether readers of that version can read it. */
  async function write(process: Start, simulator: Simulator, name: string) {
    await ask(openDynamoStorage(process(++processes)).create({ ...key, name }, build));
    const items = simulator.operations.items.all();
    const entry = items.find(({ pk, item }) => pk?.S?.startsWith(logPrefix) && item?.S?.endsWith(name));
    return entry?.indexAt === undefined;
  }
  let processes = 10;

  test('is written as that version reads it for a day, and then raised', async () => {
    const { simulator, process, formatOf } = opened(plainFormat);
    expect(await write(process, simulator, 'a')).toBe(true);
    await startEvery(5 * hour, past, process);
    expect(await write(process, simulator, 'b')).toBe(true);
    expect(formatOf()).toEqual(number(plainFormat));
    await clock.advance(4 * hour + 60_000);
    expect(await write(process, simulator, 'c')).toBe(false);
    expect(formatOf()).toEqual(number(packedFormat));
    const found = await ask(openDynamoStorage(process(2)).list(key));
    expect(found.items.map(({ key: { name } }) => name)).toEqual(['a', 'b', 'c']);
  });

  test('keeps its format for a day from the second try of an upgrade that was taken back', async () => {
    const { simulator, process, formatOf } = opened(forkFormat);
    expect(await write(process, simulator, 'a')).toBe(true);
    await ask(openDynamoStorage(process(2, forkFormat)).get(key));
    await clock.advance(3 * past);
    expect(await write(process, simulator, 'b')).toBe(true);
    await startEvery(5 * hour, past, process);
    expect(await write(process, simulator, 'c')).toBe(true);
    await ask(openDynamoStorage(process(3, forkFormat)).get(key));
    await clock.advance(4 * hour + 60_000);
    expect(await write(process, simulator, 'd')).toBe(false);
    expect(formatOf()).toEqual(number(packedFormat));
  });

  test('hears of a version that is at work once an hour at most', async () => {
    const { simulator, process } = opened(plainFormat);
    const beats = async () => {
      const before = simulator.count('UpdateItem');
      await ask(openDynamoStorage(process(++processes)).get(key));
      return simulator.count('UpdateItem') - before;
    };
    expect(await beats()).toBe(1);
    expect(await beats()).toBe(0);
    await clock.advance(hour);
    expect(await beats()).toBe(1);
    expect(await beats()).toBe(0);
  });

  test('that had no format yet too', async () => {
    const { simulator, process, formatOf } = opened();
    const before = { client: simulator.connect().client, table: 'shallop', clock, ids: seededIds(9) };
    await ask(openDynamoStorage({ ...before, packs: () => false }).create(key, build));
    expect(await write(process, simulator, 'b')).toBe(true);
    expect(formatOf()).toEqual(number(plainFormat));
  });
});

test('a table of a newer format is refused by name, whoever asks, and nothing of it is read or written', async () => {
  const { simulator, process } = opened(tableFormat + 1);
  const before = simulator.operations.items.all();
  const options = process(2);
  const storage = openDynamoStorage(options);
  const timers = openTimers(options);
  const usage = openPodUsage({ ...options, everyMs: 60_000 });
  const ref = { cluster: 'default', namespace: 'a', name: 'x', uid: 'u' };
  const refusal = `the table shallop has format ${tableFormat + 1}, newer than this version's ${tableFormat}: deploy a newer version of shallop`;
  const watch = async () => {
    for await (const _ of storage.watch(key, '1', new AbortController().signal)) return;
  };
  const image = {
    ...{ pk: text(`${logPrefix}default/pods`), sk: text('000000000002'), type: text('put') },
    chunks: number(1),
  };
  for (const request of [
    () => storage.create(key, build),
    () => storage.get(key),
    () => storage.list(key),
    () => storage.update(key, '2', build),
    () => storage.delete(key, '2', build),
    () => storage.drop('default'),
    watch,
    async () => storage.head('default', 'pods'),
    () => storage.heads('default'),
    () => storage.advance('default', 'pods', 0),
    () => storage.owned('default', 'u'),
    () => storage.claims('pods'),
    () => storage.size('default'),
    () => timers.claim('a', 1),
    () => usage.keep(ref, []),
    () => usage.pod(ref, { metadata: {} }),
    () => openNameLedger(options).all(),
    () => streamReader(options)(image),
  ])
    await expect(ask<unknown>(request())).rejects.toThrow(refusal);
  expect(simulator.operations.items.all()).toEqual(before);
  expect(simulator.total).toBe(1);
});

test('a later version raises what is stored, and the one before is refused from then on', async () => {
  const { process, formatOf } = opened(tableFormat);
  const next = tableFormat + 1;
  await ask(openDynamoStorage(process(2, next)).create(key, build));
  expect(formatOf()).toEqual(number(next));
  await expect(ask(openDynamoStorage(process(3)).get(key))).rejects.toThrow(`has format ${next}, newer than`);
  expect(formatOf()).toEqual(number(next));
});

test('a question that failed is asked again by the next request', async () => {
  const { simulator, process } = opened();
  const { client } = simulator.connect();
  let isDenied = true;
  const send = async (...request: Parameters<typeof client.send>) => {
    if (isDenied) throw new Error('not authorized to perform: dynamodb:GetItem');
    return client.send(...request);
  };
  const storage = openDynamoStorage(process(2, undefined, { send: send as typeof client.send }));
  await expect(ask(storage.get(key))).rejects.toThrow('not authorized');
  isDenied = false;
  expect(await ask(storage.get(key))).toBeUndefined();
});

test('every function reaches the table by a client that asks', () => {
  const made = sources('src/aws').flatMap(({ path, text: code }) =>
    [...code.matchAll(/.*[^ ] *dynamoClient\(\)/g)].map(([line]) => `${path}: ${line.trim()}`),
  );
  expect(made).toEqual([
    expect.stringContaining('functionParts.ts: const dynamo = ofKnownFormat(withinDelivery(dynamoClient()'),
  ]);
});
