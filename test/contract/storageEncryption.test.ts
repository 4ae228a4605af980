import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { openDynamoStorage } from '../../src/aws/drivers/dynamodb/index.ts';
import { openLmdbStorage } from '../../src/local/drivers/lmdb/index.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import type { Storage } from '../../src/shared/ports/storage.ts';
import { encrypted } from '../../src/shared/storage/decorators/encryption.ts';
import { openMemoryStorage } from '../../src/shared/storage/memory/index.ts';
import { Simulator } from '../support/dynamodb/simulator.ts';
import { localKeys } from '../support/keyWrapper.ts';
import { type OpenOptions, storageContract } from './storage.ts';

// Every value is sealed and opened, thousands of times.

// Data keys are worn out soon, so that the histories run over several.
const sealed = (storage: Storage, { clock }: OpenOptions) =>
  encrypted(storage, {
    resources: ['pods'],
    wrapper: localKeys().wrapper(),
    clock,
    limits: { maxUses: 3, maxOpen: 4 },
  });

storageContract('encrypted memory', async (options) => sealed(openMemoryStorage(options), options));

const folders = mkdtempSync(join(tmpdir(), 'shallop-sealed-'));
afterAll(() => rmSync(folders, { recursive: true, force: true }));
storageContract('encrypted lmdb', async (options) =>
  sealed(await openLmdbStorage({ ...options, dir: mkdtempSync(join(folders, 'data-')) }), options),
);

storageContract(
  'encrypted dynamodb (simulated)',
  async (options) => {
    const { client } = new Simulator({ clock: options.clock, ids: seededIds(1) }).connect();
    return sealed(openDynamoStorage({ ...options, client, table: 'shallop', ids: seededIds(2) }), options);
  },
  { skips: true },
);
