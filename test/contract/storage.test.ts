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

const openSimulated =
  (seldom?: readonly string[]) =>
  async ({ clock, retention }: OpenOptions) => {
    const { client } = new Simulator({ clock, ids: seededIds(1) }).connect();
    const more = { retention, ...(seldom && { seldom }) };
    return openDynamoStorage({ client, table: 'shallop', clock, ids: seededIds(2), ...more });
  };
storageContract('dynamodb (simulated)', openSimulated(), { hasForks: false });
storageContract('dynamodb with heads (simulated)', openSimulated(['pods', 'services', 'configmaps']), {
  hasForks: false,
  spendsRefused: true,
});
