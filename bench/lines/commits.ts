import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commit } from '../../src/local/drivers/lmdb/commit.ts';
import { openEnvironment } from '../../src/local/drivers/lmdb/environment.ts';
import type { Figure } from '../bench.ts';
import { percentile } from '../load.ts';

const value = Buffer.alloc(1000, 'x');
/** Records of what a write is judged and found by; the storage puts some more. */
const kept = ['head', 'pointer', 'owner'];
const headroomBytes = 64 << 20;

/**
 * What a durable commit of one write costs, alone, by three ways to disk. Ours is the first: LMDB syncs the pages, then the
 * page that points at them. The second leaves that page to the next commit, so a power failure undoes the last one although
 * it was acknowledged. The third is what a log before the storage would cost at least: one sync, and nothing that reads it.
 */
export async function commits(scale: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-bench-commits-'));
  const count = Math.max(100, Math.round(1000 * scale));
  const ways = [
    await lmdb(join(folder, 'two'), 'a commit of LMDB with both its syncs', false),
    await lmdb(join(folder, 'one'), 'the same with one, which may lose the last write', true),
    log(join(folder, 'log'), 'an append to a log and one sync'),
  ];
  try {
    const times = ways.map((): number[] => []);
    // In turns, so that whatever else the disk does meets all of them.
    for (let i = 0; i < count; i++)
      for (const [at, { write }] of ways.entries()) {
        const begun = performance.now();
        await write(i);
        times[at]!.push(performance.now() - begun);
      }
    return ways.map(({ what }, at) => ({
      what: `${what}, p50`,
      measured: Number((percentile(times[at]!, 0.5) * 1000).toFixed(0)),
      unit: 'µs',
      note: `p99 ${(percentile(times[at]!, 0.99) * 1000).toFixed(0)} µs, of ${count}`,
    }));
  } finally {
    for (const { close } of ways) await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Way {
  what: string;
  write(i: number): Promise<void> | void;
  close(): Promise<void> | void;
}

async function lmdb(dir: string, what: string, noMetaSync: boolean): Promise<Way> {
  const root = await openEnvironment(dir, { noMetaSync });
  return {
    what,
    write: (i) =>
      commit(root, () => {
        root.put(`object ${i}`, value);
        for (const name of kept) root.put(`${name} ${i % 100}`, Buffer.from(`${i}`));
      }),
    close: () => root.close(),
  };
}

/** Into room that the file has already, as logs are written: a file that grows costs its metadata a sync more. */
function log(path: string, what: string): Way {
  const file = openSync(path, 'w');
  for (let at = 0; at < headroomBytes; at += 1 << 20) writeSync(file, Buffer.alloc(1 << 20), 0, 1 << 20, at);
  fdatasyncSync(file);
  let end = 0;
  return {
    what,
    write: () => {
      end += writeSync(file, value, 0, value.length, end);
      fdatasyncSync(file);
    },
    close: () => closeSync(file),
  };
}
