import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Package {
  folder: string;
  name: string;
  version: string;
  /** SPDX expression, as the package says it. */
  license: string;
}

/** Every package whose files (`inputs` of esbuild's metafile) went into a bundle, in the order of their folders. */
export function bundledPackages(inputs: Iterable<string>, repository: string): Package[] {
  const folders = new Set<string>();
  for (const path of inputs) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
    if (found) folders.add(found);
  }
  return [...folders].sort().map((folder) => packageIn(join(repository, folder)));
}

export function packageIn(folder: string): Package {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { folder, name, version, license };
}
