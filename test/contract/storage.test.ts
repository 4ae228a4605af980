import { openMemoryStorage } from '../../src/shared/storage/memory/index.ts';
import { storageContract } from './storage.ts';

storageContract('memory', async (options) => openMemoryStorage(options));
