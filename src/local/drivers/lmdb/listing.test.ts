import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { systemClock } from '../../../shared/clock/systemClock.ts';
import { openLmdbStorage } from './index.ts';

test('a long list gives the same bytes as reading each object, small ones and large ones', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'shallop-listing-'));
  const storage = await openLmdbStorage({ dir, clock: systemClock });
  const sizes = [10, 1_000, 5_000, 70_000, 600_000];
  const key = (i: number) => ({ cluster: 'c', resource: 'things', namespace: 'n', name: `thing-${i}` });
  await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      storage.create(key(i), () => Buffer.alloc(sizes[i % sizes.length]!, i)),
    ),
  );
  const { items } = await storage.list({ cluster: 'c', resource: 'things' });
  expect(items).toHaveLength(100);
  for (const item of items) expect(Buffer.compare(item.value, (await storage.get(item.key))!.value)).toBe(0);
  await storage.close();
  await rm(dir, { recursive: true });
});
