import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licence of every package whose files (`inputs` of esbuild's metafile) went into a bundle, one after the other. */
export function licencesOf(inputs: Iterable<string>, repository: string): string {
  const folders = new Set<string>();
  for (const path of inputs) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
    if (found) folders.add(found);
  }
  return [...folders]
    .sort()
    .map((folder) => entry(join(repository, folder)))
    .join('\n');
}

function entry(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
  const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : '';
  return `${name} ${version} (${license})\n\n${text}\n\n${'-'.repeat(80)}\n`;
}
