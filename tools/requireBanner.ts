import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a file of modules begins with where a dependency in it is CommonJS and asks for modules of Node. */
export const requireBanner =
  "import { createRequire as requireFor } from 'node:module';const require = requireFor(import.meta.url);";

/** Takes it from the files that ask for nothing: esbuild gives it to all of them, and `shallop up` loads some hundred. */
export function dropUnusedBanners(folder: string, files: string[]): void {
  for (const file of files.map((each) => join(folder, each))) {
    const text = readFileSync(file, 'utf8');
    const code = text.slice(requireBanner.length + 1);
    if (text.startsWith(requireBanner) && !/\brequire\b/.test(code)) writeFileSync(file, code);
  }
}
