import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Gives the chunks of a bundle short names in place of those with a hash, which nothing compresses wherever one chunk names
 * another: a seventieth of the package. What a verb or an `import()` loads keeps its own name, for stack traces.
 */
export function shortenChunks(folder: string): void {
  const chunks = join(folder, 'chunks');
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const file of readdirSync(chunks).sort()) {
    const own = file.replace(hash, '').replace(/^chunk$/, '');
    let name = own;
    for (let i = 0; !name || taken.has(name); i++) name = own + i.toString(36);
    taken.add(name);
    names.set(file, `${name}.js`);
  }
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(
      join(folder, file),
      text.replace(/[\w.-]+-[A-Z0-9]{8}\.js/g, (found) => names.get(found) ?? found),
    );
  }
  for (const [file, name] of names) renameSync(join(chunks, file), join(chunks, name));
}

const hash = /-[A-Z0-9]{8}\.js$/;
