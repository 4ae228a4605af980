import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Opens an address without naming it: what programs are called with can be read by every user of a machine, and the
 * address lets in whoever is first. So the browser is sent to a file that only this user can read, and that leads on.
 *
 * Where there can be no file, it warns, since whoever reads the printed address needs none.
 *
 * @returns a function that removes the file.
 */
export function openUnnamed(
  address: string,
  open: (address: string) => void,
  warn: (warning: string) => void,
): () => void {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'shallop-console-'));
    const file = join(folder, 'open.html');
    writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${address}">`, {
      mode: 0o600,
    });
    open(pathToFileURL(file).href);
  } catch (error) {
    warn(`warning: open the address yourself: ${(error as Error).message}`);
  }
  return () => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
}
