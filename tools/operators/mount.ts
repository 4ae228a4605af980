import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Mount } from './install.ts';
import type { Kit } from './kit.ts';

/**
 * Keeps the files of Secrets in step with them, as kubelet does for a container, until the signal; then they go. Programs
 * that make their own certificates wait for these files.
 */
export async function mounted(
  kit: Kit,
  namespace: string,
  mounts: readonly Mount[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for (const { secret, path } of mounts) {
      const found = await kit.find<{ data?: Record<string, string> }>('secret', '-n', namespace, secret);
      if (!found?.data) continue;
      await mkdir(path, { recursive: true });
      for (const [name, value] of Object.entries(found.data))
        await keep(join(path, name), Buffer.from(value, 'base64'));
    }
    await pause(1_000, undefined, { signal }).catch(() => {});
  }
  for (const { path } of mounts) await rm(path, { recursive: true, force: true });
}

/** Writes what differs, in one step: nobody reads half a file. */
async function keep(path: string, content: Buffer): Promise<void> {
  const current = await readFile(path).catch(() => undefined);
  if (current?.equals(content)) return;
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
