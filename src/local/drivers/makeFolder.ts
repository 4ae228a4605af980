import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder that a person or a Pod has named, and those above it; returns the first one that it has made, undefined
 * where all were there. Node's own `recursive` never ends below a folder that answers ENOENT for each new name, as /proc
 * does, and holds one of its few threads for good.
 * @throws what the system says of the folder that cannot be made.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<string | undefined> {
  const isMade = () =>
    mkdir(path, { mode }).then(
      () => true,
      async (error: NodeJS.ErrnoException) => {
        if ((await stat(path).catch(() => undefined))?.isDirectory()) return false;
        throw error;
      },
    );
  const above = dirname(path);
  try {
    return (await isMade()) ? path : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === path) throw error;
  }
  const first = await makeFolder(above, mode);
  return (await isMade()) ? (first ?? path) : first;
}
