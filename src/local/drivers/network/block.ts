import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fnv1a } from '../../../shared/meta/fnv1a.ts';
import { claim } from './claim.ts';

export interface Block {
  number: number;
  release(): Promise<void>;
}

/**
 * One of `count` numbered address blocks that no other running instance has. The number is kept in `<folder>/<name>`
 * and taken again by the next start; a fresh folder's path decides where the search begins. `usable` may turn a block
 * down. Undefined when none is left.
 */
export async function takeBlock(
  folder: string,
  name: string,
  count: number,
  usable: (number: number) => Promise<boolean> = async () => true,
): Promise<Block | undefined> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, name);
  const kept = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  const start = kept >= 0 && kept < count ? kept : fnv1a(folder) % count;
  for (let i = 0; i < count; i++) {
    const number = (start + i) % count;
    const held = await claim(`${name}/${number}`);
    if (!held) continue;
    let isTaken = false;
    try {
      if (await usable(number)) {
        if (number !== kept) await writeFile(file, `${number}\n`, { mode: 0o600 });
        isTaken = true;
        return { number, release: held.release };
      }
    } finally {
      if (!isTaken) await held.release();
    }
  }
  return undefined;
}
