import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Mount } from './install.ts';
import type { Kit } from './kit.ts';

/**
 * Keeps the files of Secrets and ConfigMaps in step with them, as kubelet does for a container, until the signal; however it
 * ends, they go. Programs that make their own certificates wait for these files.
 */
export async function mounted(
  kit: Pick<Kit, 'find'>,
  mounts: readonly Mount[],
  signal: AbortSignal,
): Promise<void> {
  try {
    while (!signal.aborted) {
      for (const mount of mounts) await fill(kit, mount);
      await pause(1_000, undefined, { signal }).catch(() => {});
    }
  } finally {
    for (const { path } of mounts) await rm(path, { recursive: true, force: true });
  }
}

async function fill(kit: Pick<Kit, 'find'>, { namespace, kind, name, path }: Mount): Promise<void> {
  const found = await kit.find<{ data?: Record<string, string> }>(kind, '-n', namespace, name);
  if (!found?.data) return;
  await mkdir(path, { recursive: true });
  for (const [file, value] of Object.entries(found.data))
    await keep(join(path, file), Buffer.from(value, kind === 'secret' ? 'base64' : 'utf8'));
}

/** Waits until there is a file in each of these folders. @throws Error when the signal comes before. */
export async function filled(mounts: readonly Mount[], signal: AbortSignal): Promise<void> {
  for (const { path } of mounts)
    while ((await readdir(path).catch(() => [])).length === 0) await pause(250, undefined, { signal });
}

/** Writes what differs, in one step: nobody reads half a file. */
async function keep(path: string, content: Buffer): Promise<void> {
  const current = await readFile(path).catch(() => undefined);
  if (current?.equals(content)) return;
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
