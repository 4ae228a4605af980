import type { Clock } from '../shared/clock/clock.ts';
import type { Ids } from '../shared/clock/ids.ts';
import type { Storage } from '../shared/ports/storage.ts';
import { encrypted } from '../shared/storage/decorators/encryption.ts';
import type { CoreConfig } from './config.ts';
import { kmsClient } from './drivers/kms/client.ts';
import { openKmsKeys } from './drivers/kms/index.ts';
import { signingKeys } from './signingKeys/index.ts';

/** Seals Secrets and signing keys under the deployment's KMS key; without one, storage stays as it is. */
export function protectedBy({ kmsKey, deployment }: CoreConfig, clock: Clock, ids: Ids) {
  if (!kmsKey) return (storage: Storage) => storage;
  const wrapper = openKmsKeys({ client: kmsClient(), keyId: kmsKey, deployment, clock, ids });
  return (storage: Storage) => encrypted(storage, { resources: ['secrets', signingKeys], wrapper, clock });
}
