import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { openEnvironment } from './environment.ts';
import { ensureFormat, formatVersion } from './format.ts';
import { openLmdbStorage } from './index.ts';
import { Tables } from './tables.ts';

const clock = new ManualClock();
const pods = { cluster: 'default', resource: 'pods' };
const key = (name: string) => ({ ...pods, namespace: 'a', name });
const build = (revision: string) => Buffer.from(`{"r":"${revision}"}`);

let parent: string;
let dir: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'shallop-lmdb-'));
  dir = join(parent, 'data.v1');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const withTables = async (use: (tables: Tables) => unknown) => {
  const tables = new Tables(await openEnvironment(dir));
  await use(tables);
  await tables.root.close();
};

test('a reopened folder has the objects, the log, the owners and the dropped clusters', async () => {
  const first = await openLmdbStorage({ dir, clock });
  await first.create(key('x'), build, { owners: ['u'], labels: { app: 'x' } });
  await first.update(key('x'), '2', build, { owners: ['u'] });
  await first.create({ ...key('x'), cluster: 'branch' }, build);
  await first.drop('branch');
  await first.close();
  const again = await openLmdbStorage({ dir, clock });
  expect(await again.get(key('x'))).toMatchObject({ revision: '3', index: { owners: ['u'] } });
  expect((await again.list({ ...pods, owner: 'u' })).items).toHaveLength(1);
  expect((await again.list(pods, { at: '2' })).items[0]!.index.labels).toEqual({ app: 'x' });
  expect(await again.head('branch', 'pods')).toBe('3');
  expect((await again.create(key('y'), build)).revision).toBe('4');
  await again.close();
});

test('the folder is for its owner alone', async () => {
  await (await openLmdbStorage({ dir, clock })).close();
  expect(statSync(dir).mode & 0o777).toBe(0o700);
});

test('a newer format is refused, and stays as it is', async () => {
  await (await openLmdbStorage({ dir, clock })).close();
  await withTables((tables) => tables.format.put('version', formatVersion + 1));
  await expect(openLmdbStorage({ dir, clock })).rejects.toThrow(
    /newer than this version's 4: use a newer version/,
  );
  await withTables((tables) => expect(tables.format.get('version')).toBe(formatVersion + 1));
});

test('an older format is migrated step by step', async () => {
  const steps = new Map([1, 2].map((n) => [n, (t: Tables) => void t.bases.put(`step ${n}`, n)]));
  await withTables(async (tables) => {
    await ensureFormat(dir, tables, new Map(), 1);
    await ensureFormat(dir, tables, steps, 3);
    expect(tables.format.get('version')).toBe(3);
    expect([...tables.bases.getKeys()]).toEqual(['step 1', 'step 2']);
    await expect(ensureFormat(dir, tables, new Map(), 4)).rejects.toThrow(
      /no migration leads from its format 3 to 4/,
    );
  });
});

test('a folder of format 1 keeps its owners, which stood under their resources there', async () => {
  const first = await openLmdbStorage({ dir, clock });
  await first.create(key('x'), build, { owners: ['u', 'u2'] });
  await first.create({ ...key('x'), resource: 'secrets', namespace: '' }, build, { owners: ['u'] });
  await first.create({ ...key('y'), cluster: 'branch' }, build, { owners: ['u'] });
  await first.close();
  const before = ['branch·pods·u·a·y', 'default·pods·u2·a·x', 'default·pods·u·a·x', 'default·secrets·u··x'];
  await withTables(async ({ owners, format, root }) => {
    for (const owner of [...owners.getKeys()]) owners.remove(owner);
    for (const text of before) owners.put(text.replaceAll('·', '\x1f'), 1);
    await format.put('version', 1);
    await root.flushed;
  });
  const again = await openLmdbStorage({ dir, clock });
  const places = async (cluster: string, owner: string) =>
    (await again.owned(cluster, owner)).map((k) => `${k.resource} ${k.namespace}/${k.name}`);
  expect(await places('default', 'u')).toEqual(['pods a/x', 'secrets /x']);
  expect(await places('default', 'u2')).toEqual(['pods a/x']);
  expect(await places('branch', 'u')).toEqual(['pods a/y']);
  expect((await again.list({ ...pods, owner: 'u' })).items).toHaveLength(1);
  await again.close();
  await withTables(({ owners, format }) => {
    expect(owners.getKeysCount()).toBe(before.length);
    expect(format.get('version')).toBe(formatVersion);
  });
});

test('a damaged folder is refused with what to do', async () => {
  const storage = await openLmdbStorage({ dir, clock });
  for (let n = 0; n < 50; n++) await storage.create(key(`${n}`), () => Buffer.alloc(3000));
  await storage.close();
  const file = join(dir, 'data.mdb');
  truncateSync(file, 3 * 4096);
  await expect(openLmdbStorage({ dir, clock })).rejects.toThrow(
    /shorter than its content\. Restore .* from a backup/,
  );
  writeFileSync(file, 'x'.repeat(20_000));
  await expect(openLmdbStorage({ dir, clock })).rejects.toThrow(/damaged or not shallop's: .*Restore/);
});

test('compaction leaves only what is current or can still be asked for', async () => {
  const storage = await openLmdbStorage({
    dir,
    clock,
    retention: { keepMs: 1, keepAtLeast: 2, keepAtMost: 9 },
  });
  for (let n = 0; n < 30; n++) await storage.create(key(`${n}`), build);
  for (let n = 0; n < 20; n++) await storage.delete(key(`${n}`), `${n + 2}`, build);
  await clock.advance(120_000);
  await storage.create({ ...pods, namespace: 'a', name: 'last' }, build);
  await storage.close();
  await withTables((tables) => {
    // 11 objects; of the 2 newest changes, the deletion and the state before it.
    expect(tables.log.getKeysCount()).toBe(13);
    expect(tables.state('default\x1fpods')).toEqual({ head: 52, floor: 50 });
  });
});

test('the file is allocated ahead of its content, so that commits need not make it longer', async () => {
  const storage = await openLmdbStorage({ dir, clock });
  await storage.create(key('a'), () => Buffer.alloc(100_000));
  await storage.close();
  const root = await openEnvironment(dir);
  const { lastPageNumber, pageSize } = root.getStats() as { lastPageNumber: number; pageSize: number };
  await root.close();
  expect(statSync(join(dir, 'data.mdb')).size).toBeGreaterThan((lastPageNumber + 1) * pageSize + 2 ** 19);
});
