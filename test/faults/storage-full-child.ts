import { rmSync } from 'node:fs';
import { openLmdbStorage } from '../../src/local/drivers/lmdb/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { ApiError } from '../../src/shared/errors/apiError.ts';

/** Writes until the file may grow no more, goes on with small writes, reopens, and prints what it saw as JSON. */
const dir = process.argv[2] ?? '';
const pods = { cluster: 'default', resource: 'pods' };
const key = (name: string) => ({ ...pods, namespace: 'a', name });
const large = () => Buffer.alloc(200_000, 97);
let storage = await openLmdbStorage({ dir, clock: systemClock });
const written: string[] = [];
const reasons: string[] = [];
for (let n = 0; n < 40; n += 4) {
  const writes = [0, 1, 2, 3].map((i) => storage.create(key(`x${n + i}`), large));
  for (const result of await Promise.allSettled(writes))
    if (result.status === 'fulfilled') written.push(result.value.revision);
    else reasons.push(result.reason instanceof ApiError ? result.reason.reason : String(result.reason));
}
const deleted = await storage.delete(key('x0'), '2', () => Buffer.from('{}'));
const later = await storage.create(key('small'), () => Buffer.from('{}'));
await storage.close();
storage = await openLmdbStorage({ dir, clock: systemClock });
const { items, revision } = await storage.list(pods);
await storage.close();
rmSync(dir, { recursive: true });
const last = [deleted.revision, later.revision, revision];
process.stdout.write(JSON.stringify({ written, reasons, last, items: items.length }));
