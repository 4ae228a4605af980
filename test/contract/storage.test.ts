import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { openLmdbStorage } from '../../src/shared/storage/lmdb/index.ts';
import { openMemoryStorage } from '../../src/shared/storage/memory/index.ts';
import { storageContract } from './storage.ts';

storageContract('memory', async (options) => openMemoryStorage(options));

const folders = mkdtempSync(join(tmpdir(), 'shallop-storage-'));
afterAll(() => rmSync(folders, { recursive: true, force: true }));
storageContract('lmdb', (options) =>
  openLmdbStorage({ ...options, dir: mkdtempSync(join(folders, 'data-')) }),
);
