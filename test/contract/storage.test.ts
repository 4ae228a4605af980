import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { openDynamoStorage } from '../../src/aws/drivers/dynamodb/index.ts';
import { openLmdbStorage } from '../../src/local/drivers/lmdb/index.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import type { Storage } from '../../src/shared/ports/storage.ts';
import { openMemoryStorage } from '../../src/shared/storage/memory/index.ts';
import { Simulator } from '../support/dynamodb/simulator.ts';
import { type OpenOptions, storageContract } from './storage.ts';

storageContract('memory', async (options) => openMemoryStorage(options));

const folders = mkdtempSync(join(tmpdir(), 'shallop-storage-'));
afterAll(() => rmSync(folders, { recursive: true, force: true }));
const folderOf = new WeakMap<Storage, string>();
const openIn = async (dir: string, options: OpenOptions) => {
  const storage = await openLmdbStorage({ ...options, dir });
  folderOf.set(storage, dir);
  return storage;
};
storageContract('lmdb', (options) => openIn(mkdtempSync(join(folders, 'data-')), options), {
  restart: async (storage, options) => {
    await storage.close();
    return openIn(folderOf.get(storage)!, options);
  },
});

const simulators = new WeakMap<Storage, Simulator>();
/** A process of its own each time. */
const openOn = (simulator: Simulator, { clock, retention }: OpenOptions, seldom?: readonly string[]) => {
  const { client } = simulator.connect();
  const more = { retention, ...(seldom && { seldom }) };
  const storage = openDynamoStorage({ client, table: 'shallop', clock, ids: simulator.ids, ...more });
  simulators.set(storage, simulator);
  return storage;
};
const simulated = (seldom?: readonly string[]) => ({
  open: async (options: OpenOptions) =>
    openOn(new Simulator({ clock: options.clock, ids: seededIds(1) }), options, seldom),
  restart: async (storage: Storage, options: OpenOptions) =>
    openOn(simulators.get(storage)!, options, seldom),
});
const plain = simulated();
storageContract('dynamodb (simulated)', plain.open, { restart: plain.restart, skips: true });
const withHeads = simulated(['pods', 'services', 'configmaps']);
storageContract('dynamodb with heads (simulated)', withHeads.open, {
  restart: withHeads.restart,
  skips: true,
  spendsRefused: true,
});
