import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import type { Storage, Stored } from '../../ports/storage.ts';
import { passing } from '../../storage/decorators/passing.ts';
import { writeFailed } from '../../storage/log/errors.ts';
import { openMemoryStorage } from '../../storage/memory/index.ts';
import { testServer } from '../testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';

/** Storage that has every state at hand that it has written; its updates may be made other than usual. */
function openSeeing(update: (inner: Storage) => Storage['update']): Storage {
  const inner = openMemoryStorage({ clock: new ManualClock() });
  const states = new Map<string, Stored>();
  const idOf = (name: string, revision: string) => `${name} ${revision}`;
  return {
    ...passing(inner),
    create: async (key, build, index) => {
      const stored = await inner.create(key, build, index);
      states.set(idOf(key.name, stored.revision), stored);
      return stored;
    },
    update: update(inner),
    seen: (key, revision) => states.get(idOf(key.name, revision)),
  };
}

test('a PUT of which nobody knows whether it was written is no conflict', async () => {
  const storage = openSeeing((inner) => async (...order) => {
    await inner.update(...order);
    throw writeFailed(new Error('socket hang up'));
  });
  const { send } = await testServer({ storage });
  const { json } = await send(`POST ${configMaps}`, { body: { metadata: { name: 'c' } } });
  const answer = await send(`PUT ${configMaps}/c`, { body: { ...json, data: { a: 'b' } } });
  expect(answer).toMatchObject({ status: 503, json: { reason: 'ServiceUnavailable' } });
  expect((await send(`GET ${configMaps}/c`)).json.data).toEqual({ a: 'b' });
});
