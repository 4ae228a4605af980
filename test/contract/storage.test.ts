import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { openDynamoStorage } from '../../src/aws/drivers/dynamodb/index.ts';
import { openLmdbStorage } from '../../src/local/drivers/lmdb/index.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { openMemoryStorage } from '../../src/shared/storage/memory/index.ts';
import { Simulator } from '../support/dynamodb/simulator.ts';
import { storageContract } from './storage.ts';

storageContract('memory', async (options) => openMemoryStorage(options));

const folders = mkdtempSync(join(tmpdir(), 'shallop-storage-'));
afterAll(() => rmSync(folders, { recursive: true, force: true }));
storageContract('lmdb', (options) =>
  openLmdbStorage({ ...options, dir: mkdtempSync(join(folders, 'data-')) }),
);

storageContract('dynamodb (simulated)', async ({ clock, retention }) => {
  const { client } = new Simulator({ clock, ids: seededIds(1) }).connect();
  return openDynamoStorage({ client, table: 'shallop', clock, ids: seededIds(2), retention });
});
