import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '..');
const room = join('src', 'library');
/** What programs may import, by the name of its file. */
export const entries = ['index', 'testing', 'vitest', 'jest'];

/**
 * Writes the declarations of the library into a folder: those of what programs import, and what these refer to. Throws when
 * they refer to anything outside src/library: what is inside shallop is nobody's to build on.
 */
export function writeDeclarations(folder: string): void {
  for (const [name, text] of declarations()) writeFileSync(join(folder, `${name}.d.ts`), text);
}

/** The text of each declaration file by its name. */
export function declarations(): Map<string, string> {
  const cache = join(repository, '.cache');
  mkdirSync(cache, { recursive: true });
  const out = mkdtempSync(join(cache, 'declarations-'));
  try {
    const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.library.json', '--outDir', out], {
      cwd: repository,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return reachedIn(join(out, room));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const relative = /(from\s+|import\()(['"])(\.[^'"]*)\2/g;

function reachedIn(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    const text = readFileSync(join(folder, `${name}.d.ts`), 'utf8');
    found.set(
      name,
      text.replace(relative, (_, before, quote, path) => `${before}${quote}${asJs(path)}${quote}`),
    );
    for (const [, , , path] of text.matchAll(relative)) {
      if (dirname(path!) !== '.')
        throw new Error(`the declarations of the library lead out of it: ${name}.ts refers to ${path}`);
      visit(basename(path!, '.ts'));
    }
  };
  for (const entry of entries) visit(entry);
  return found;
}

/** TypeScript looks for the declaration beside the script. */
const asJs = (path: string) => path.replace(/\.ts$/, '.js');
