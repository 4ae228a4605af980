import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { openLmdbOutbox } from '../../src/local/drivers/lmdb/outbox.ts';
import type { Outbox } from '../../src/shared/ports/outbox.ts';
import { openMemoryOutbox } from '../support/events/memoryOutbox.ts';
import { outboxContract } from './outbox.ts';

outboxContract('memory', { open: async () => openMemoryOutbox() });

const folders = mkdtempSync(join(tmpdir(), 'shallop-outbox-'));
afterAll(() => rmSync(folders, { recursive: true, force: true }));
const folderOf = new WeakMap<Outbox, string>();
const openIn = async (folder: string) => {
  const outbox = await openLmdbOutbox(folder);
  folderOf.set(outbox, folder);
  return outbox;
};
outboxContract('lmdb', {
  open: () => openIn(mkdtempSync(join(folders, 'data-'))),
  again: async (outbox) => {
    await outbox.close();
    return openIn(folderOf.get(outbox)!);
  },
});
