import { expect, test } from '@jest/globals';
import { Simulator } from '../../test/support/dynamodb/simulator.ts';
import { ManualClock } from '../shared/clock/manualClock.ts';
import { seededIds } from '../shared/clock/seededIds.ts';
import { tableFormat } from './drivers/dynamodb/format.ts';
import { openDynamoStorage } from './drivers/dynamodb/index.ts';
import { formatPlace, keyAttributes, number } from './drivers/dynamodb/layout.ts';
import { ofKnownFormat } from './knownFormat.ts';

const clock = new ManualClock();
const key = { cluster: 'default', resource: 'pods', namespace: 'a', name: 'x' };
const build = (revision: string) => Buffer.from(`{"r":"${revision}"}`);

function opened(format?: number) {
  const simulator = new Simulator({ clock, ids: seededIds(1) });
  const { items } = simulator.operations;
  if (format) items.put({ ...keyAttributes(formatPlace), format: number(format) });
  const process = (seed: number) => {
    const options = { client: simulator.connect().client, table: 'shallop', clock, ids: seededIds(seed) };
    return ofKnownFormat(openDynamoStorage(options), options);
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
  await ask(process(2).create(key, build));
  expect(formatOf()).toEqual(number(tableFormat));
  const other = process(3);
  await ask(other.get(key));
  const reads = simulator.count('GetItem');
  await ask(other.get(key));
  expect(simulator.count('GetItem')).toBe(reads + 1);
});

test('a table of a newer format is refused by name, and nothing of it is read or written', async () => {
  const { simulator, process } = opened(tableFormat + 1);
  const before = simulator.operations.items.all();
  const storage = process(2);
  const refusal = `the table shallop has format ${tableFormat + 1}, newer than this version's ${tableFormat}: deploy a newer version of shallop`;
  const watch = async () => {
    for await (const _ of storage.watch(key, '1', new AbortController().signal)) return;
  };
  for (const request of [
    () => storage.create(key, build),
    () => storage.get(key),
    () => storage.list(key),
    () => storage.update(key, '2', build),
    () => storage.delete(key, '2', build),
    () => storage.drop('default'),
    watch,
  ])
    await expect(ask<unknown>(request())).rejects.toThrow(refusal);
  expect(simulator.operations.items.all()).toEqual(before);
});
