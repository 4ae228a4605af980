import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Files below a folder in which a word, or its base64, can be read. Links that lead out of it are not followed. */
export function filesThatTell(folder: string, word: string): string[] {
  const forms = [word, Buffer.from(word).toString('base64')];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => realpathSync(file).startsWith(realpathSync(folder) + sep))
    .filter((file) => {
      const bytes = readFileSync(file);
      return forms.some((form) => bytes.includes(form));
    });
}
