import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import { openMemoryStorage } from '../memory/index.ts';
import { measured } from './measured.ts';

test('each operation is timed, refusals too', async () => {
  const seen: unknown[] = [];
  let now = 0;
  const storage = measured(
    openMemoryStorage({ clock: new ManualClock() }),
    (...facts) => void seen.push(facts),
    () => (now += 5),
  );
  const key = { cluster: 'default', resource: 'pods', namespace: 'a', name: 'x' };
  const build = (revision: string) => Buffer.from(revision);
  const { revision } = await storage.create(key, build);
  await expect(storage.create(key, build)).rejects.toMatchObject({ reason: 'AlreadyExists' });
  await storage.update(key, revision, build);
  await storage.get(key);
  await storage.list({ cluster: 'default', resource: 'pods' });
  expect(seen).toEqual(
    ['create', 'create', 'update', 'get', 'list'].map((operation) => [operation, 'pods', 0.005]),
  );
});
