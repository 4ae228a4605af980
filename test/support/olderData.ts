import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Item } from './dynamodb/expressions.ts';

/** What an earlier commit stored, made by `tools/olderData/make.sh COMMIT`. */
const fileOf = (commit: string, name: string): Buffer =>
  gunzipSync(readFileSync(join(import.meta.dirname, 'olderData', commit, name)));

/** The items of a deployment's table, and when they were read (milliseconds since the epoch). */
export function olderTable(commit: string): { now: number; items: Item[] } {
  const { now, items } = JSON.parse(fileOf(commit, 'table.json.gz').toString()) as {
    now: number;
    items: Record<string, { S?: string; N?: string; B?: string }>[];
  };
  const asBytes = (item: (typeof items)[number]) =>
    Object.fromEntries(
      Object.entries(item).map(([name, value]) => [
        name,
        value.B === undefined ? value : { B: Buffer.from(value.B, 'base64') },
      ]),
    ) as Item;
  return { now, items: items.map(asBytes) };
}

const block = 512;

/** Writes a data folder as it was. Its archive has plain files only. */
export function writeOlderFolder(commit: string, folder: string): void {
  const archive = fileOf(commit, 'folder.tar.gz');
  const field = (at: number, length: number) =>
    archive.toString('utf8', at, at + length).replace(/\0.*$/s, '');
  for (let at = 0; archive[at]; ) {
    const size = Number.parseInt(field(at + 124, 12), 8);
    const path = join(folder, field(at, 100));
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, archive.subarray(at + block, at + block + size), { mode: 0o600 });
    at += block + Math.ceil(size / block) * block;
  }
}
