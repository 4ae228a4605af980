import { encrypted } from '../../src/shared/storage/decorators/encryption.ts';
import { openMemoryStorage } from '../../src/shared/storage/memory/index.ts';
import { localKeys } from '../support/keyWrapper.ts';
import { storageContract } from './storage.ts';

storageContract('encrypted memory', async (options) =>
  encrypted(openMemoryStorage(options), {
    resources: ['pods'],
    wrapper: localKeys().wrapper(),
    clock: options.clock,
    // Worn out soon, so that the histories run over several data keys.
    limits: { maxUses: 3, maxOpen: 4 },
  }),
);
