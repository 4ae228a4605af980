import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openLmdbStorage } from '../../src/local/drivers/lmdb/index.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { Change, Storage } from '../../src/shared/ports/storage.ts';

const kills = Number(process.env.SHALLOP_KILLS ?? 200);
const seed = Number(process.env.SHALLOP_SEED ?? Date.now() % 1e6);
const scope = { cluster: 'default', resource: 'pods' };
const retention = { keepMs: 1e9, keepAtLeast: 300, keepAtMost: 400 };
const child = join(import.meta.dirname, 'storage-kill-child.ts');

/** Runs the child, kills it `afterMs` after its first write, and answers the lines it printed whole. */
async function writeUntilKilled(dir: string, round: number, afterMs: number): Promise<string[]> {
  const writer = spawn(process.execPath, [child, dir, `${round}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(writer, 'close');
  let output = '';
  let begun = false;
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (!begun) void systemClock.sleep(afterMs).then(() => writer.kill('SIGKILL'));
    begun = true;
  });
  await closed;
  const lines = output.split('\n').slice(0, -1);
  expect(lines[0]).toBe('ready');
  return lines.slice(1);
}

/** All changes the log still holds. */
async function readLog(storage: Storage, since: number): Promise<Change[]> {
  const changes: Change[] = [];
  const stop = new AbortController();
  for await (const event of storage.watch(scope, `${since}`, stop.signal)) {
    if (event.type === 'progress') break;
    changes.push(event);
  }
  return changes;
}

/** The oldest revision that can still be listed. */
async function floorOf(storage: Storage, head: number): Promise<number> {
  let low = Math.max(1, head - retention.keepAtMost - 100);
  let high = head;
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = await storage.list(scope, { at: `${middle}`, limit: 1 }).then(
      () => true,
      () => false,
    );
    if (there) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Name → revision of everything there is, or was. */
async function stateOf(storage: Storage, at?: string): Promise<Map<string, string>> {
  const { items } = await storage.list(scope, at === undefined ? {} : { at });
  return new Map(items.map(({ key, revision }) => [`${key.namespace}/${key.name}`, revision]));
}

/** The log has no hole and leads from its beginning to the current state. */
async function checkLog(storage: Storage, now: Map<string, string>): Promise<Change[]> {
  const head = Number(await storage.head(scope.cluster, scope.resource));
  const floor = await floorOf(storage, head);
  const changes = await readLog(storage, floor);
  expect(changes.map((c) => Number(c.object.revision))).toEqual(changes.map((_, i) => floor + 1 + i));
  expect(floor + changes.length).toBe(head);
  const state = await stateOf(storage, `${floor}`);
  for (const { type, object, previous } of changes) {
    const name = `${object.key.namespace}/${object.key.name}`;
    expect(previous?.revision).toBe(state.get(name));
    expect(JSON.parse(Buffer.from(object.value).toString()).revision).toBe(object.revision);
    if (type === 'put') state.set(name, object.revision);
    else state.delete(name);
  }
  expect(now).toEqual(state);
  return changes;
}

/** What was acknowledged stands, unless a last write, under way when the process died, came over it. */
function checkAcknowledged(lines: string[], now: Map<string, string>, changes: Change[]): void {
  const last = new Map(lines.map((line) => [line.split(' ')[1]!, line]));
  const unfinished = new Map(
    changes
      .slice(-100)
      .map(({ object }) => [`${object.key.namespace}/${object.key.name}`, Number(object.revision)]),
  );
  for (const [name, line] of last) {
    const [type, , revision] = line.split(' ');
    if ((unfinished.get(name) ?? 0) > Number(revision)) continue;
    expect(`${name} ${now.get(name)}`).toBe(`${name} ${type === 'put' ? revision : undefined}`);
  }
}

async function checkOwners(storage: Storage): Promise<void> {
  const owned = await storage.list({ ...scope, owner: 'u7' });
  const all = (await storage.list(scope)).items.filter((i) => i.index.owners?.includes('u7'));
  expect(owned.items.map((i) => i.revision)).toEqual(all.map((i) => i.revision));
}

test(`nothing acknowledged is lost in ${kills} kills (seed ${seed})`, async () => {
  const { random } = seededIds(seed);
  const dir = mkdtempSync(join(tmpdir(), 'shallop-kill-'));
  let before = new Map<string, string>();
  let acknowledged = 0;
  try {
    for (let round = 0; round < kills; round++) {
      const lines = await writeUntilKilled(dir, round, random() * 120);
      const storage = await openLmdbStorage({ dir, clock: systemClock, retention });
      const now = await stateOf(storage);
      checkAcknowledged(lines, now, await checkLog(storage, now));
      // Names carry their round, so nothing of an earlier one may ever change again.
      const older = [...now].filter(([name]) => name.split('-')[1] !== `${round}`);
      expect(new Map(older)).toEqual(before);
      await checkOwners(storage);
      await storage.close();
      before = now;
      acknowledged += lines.length;
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  expect(acknowledged).toBeGreaterThan(kills);
}, 1_200_000);
