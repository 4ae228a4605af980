import type { Storage } from '../shared/ports/storage.ts';
import { passing } from '../shared/storage/decorators/passing.ts';
import { asOfMoment } from './drivers/dynamodb/moment.ts';

/** The storage for whoever decides about a request by other objects than its own: those are seen as of its moment. */
export const looking = (storage: Storage): Storage => ({
  ...passing(storage),
  get: (key) => asOfMoment(() => storage.get(key)),
  head: (cluster, resource) => asOfMoment(() => storage.head(cluster, resource)),
});
