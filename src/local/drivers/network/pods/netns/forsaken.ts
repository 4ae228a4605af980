import { execFile } from 'node:child_process';
import { access, readdir } from 'node:fs/promises';
import { claim } from '../../claim.ts';
import { machineGround } from './ground.ts';
import { bridges, type Names, namesOf } from './names.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Removes bridges and namespaces of instances that are gone for good: their data folder no longer exists, no process
 * holds their claim, and nothing runs in their namespaces. Anything less certain stays. Never rejects.
 */
export async function sweepForsaken({ bridges: present }: Surroundings, own: Names): Promise<void> {
  const { ip, pathOf } = machineGround();
  for (let number = 0; number < bridges; number++) {
    const names = namesOf(number);
    const owner = present.get(names.bridge);
    if (names.bridge === own.bridge || !owner?.startsWith('shallop:')) continue;
    const folder = folderOf(owner);
    if (!folder?.startsWith('/') || (await exists(folder))) continue;
    const held = await claim(`bridge/${number}`);
    if (!held) continue;
    const all = await readdir(pathOf('')).catch(() => []);
    const namespaces = all.filter((name) => name.startsWith(names.namespacePrefix));
    const inUse = await Promise.all(namespaces.map(isInUse));
    if (!inUse.some(Boolean)) {
      await ip.runAnyway([...namespaces.map((name) => `netns del ${name}`), `link del ${names.bridge}`]);
    }
    await held.release();
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const isInUse = (namespace: string) =>
  new Promise<boolean>((resolve) => {
    execFile('ip', ['netns', 'pids', namespace], (error, out) => resolve(!!error || out.trim() !== ''));
  });

/** Undefined when the name was too long to be kept whole. */
function folderOf(owner: string): string | undefined {
  try {
    return decodeURIComponent(owner.slice('shallop:'.length));
  } catch {
    return undefined;
  }
}
