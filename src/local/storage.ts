import { join } from 'node:path';
import type { Clock } from '../shared/clock/clock.ts';
import type { Storage } from '../shared/ports/storage.ts';
import { encrypted } from '../shared/storage/decorators/encryption.ts';
import { claimsFromReservations } from './claimsFromReservations.ts';
import { openLmdbStorage } from './drivers/lmdb/index.ts';
import type { Keys } from './sealing/keys.ts';
import { keyWrapper } from './sealing/keyWrapper.ts';

/** Opens the storage of a data folder, in which Secrets are sealed, in the form that this version keeps. */
export async function openSealedStorage(folder: string, keys: Keys, clock: Clock): Promise<Storage> {
  const lmdb = await openLmdbStorage({ dir: join(folder, 'storage'), clock });
  const storage = encrypted(lmdb, { resources: ['secrets'], wrapper: keyWrapper(keys), clock });
  try {
    await claimsFromReservations(storage);
  } catch (error) {
    await storage.close();
    throw error;
  }
  return storage;
}
