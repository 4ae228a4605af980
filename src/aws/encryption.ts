import type { Clock } from '../shared/clock/clock.ts';
import type { Ids } from '../shared/clock/ids.ts';
import type { Storage } from '../shared/ports/storage.ts';
import { encrypted } from '../shared/storage/decorators/encryption.ts';
import type { CoreConfig } from './config.ts';
import type { DynamoClient } from './drivers/dynamodb/sender.ts';
import { kmsClient } from './drivers/kms/client.ts';
import { openKmsKeys } from './drivers/kms/index.ts';
import { ofKnownFormat } from './knownFormat.ts';
import { signingKeys } from './signingKeys/index.ts';

/** What a function's storage is opened with: a table of a format that this version knows, sealed as `protectedBy` has it. */
export function guardedBy(config: CoreConfig, client: DynamoClient, clock: Clock, ids: Ids) {
  const seal = protectedBy(config, clock, ids);
  return (storage: Storage) => ofKnownFormat(seal(storage), { client, table: config.table, clock, ids });
}

/** Seals Secrets and signing keys under the deployment's KMS key; without one, storage stays as it is. */
export function protectedBy({ kmsKey, deployment }: CoreConfig, clock: Clock, ids: Ids) {
  if (!kmsKey) return (storage: Storage) => storage;
  const wrapper = openKmsKeys({ client: kmsClient(), keyId: kmsKey, deployment, clock, ids });
  return (storage: Storage) => encrypted(storage, { resources: ['secrets', signingKeys], wrapper, clock });
}
