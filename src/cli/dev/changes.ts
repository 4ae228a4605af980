import { readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { watch } from 'chokidar';
import ignore from 'ignore';

/** Is written by tools and by the program itself. What else is, a .gitignore names. */
const never = [
  'node_modules',
  '.git',
  '.venv',
  'venv',
  '__pycache__',
  '*.pyc',
  '*.log',
  '*.swp',
  '*~',
  '.DS_Store',
];
/** Editors write several files for one save, and a checkout writes hundreds. */
const quietMs = 150;

/**
 * Tells which files below a folder have changed, relative to it, each time it has been quiet for a moment; until `signal`.
 * `ignored` are patterns of .gitignore beside those of the folder's own. Links are not followed: one may lead to all of the
 * machine. `warn` hears of what cannot be watched; the rest is.
 */
export async function* changesIn(
  folder: string,
  ignored: string[],
  signal: AbortSignal,
  warn: (line: string) => void,
): AsyncGenerator<string[]> {
  const isIgnored = ignoredIn(folder, ignored);
  const changed = new Set<string>();
  let wake = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { ignoreInitial: true, ignored: isIgnored, followSymlinks: false });
  watcher.on('error', (error) => warn(`Warning: not all is watched: ${(error as Error).message}`));
  watcher.on('all', (event, path) => {
    if (event === 'addDir' || event === 'unlinkDir') return;
    changed.add(relative(folder, path));
    clearTimeout(timer);
    timer = setTimeout(() => wake.resolve(), quietMs);
  });
  const end = () => wake.resolve();
  signal.addEventListener('abort', end, { once: true });
  try {
    await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
    while (!signal.aborted) {
      await wake.promise;
      wake = Promise.withResolvers();
      const files = [...changed].sort();
      changed.clear();
      if (files.length && !signal.aborted) yield files;
    }
  } finally {
    signal.removeEventListener('abort', end);
    clearTimeout(timer);
    await watcher.close();
  }
}

/** Judges paths of a folder by its .gitignore, by what is never a source, and by patterns of the same kind. */
export function ignoredIn(folder: string, patterns: string[]): (path: string) => boolean {
  const rules = ignore().add(never).add(gitignoreOf(folder)).add(patterns);
  return (path) => {
    const inside = relative(folder, path).split(sep).join('/');
    if (!inside || inside.startsWith('..')) return false;
    return rules.ignores(inside) || never.includes(basename(path));
  };
}

function gitignoreOf(folder: string): string {
  try {
    return readFileSync(join(folder, '.gitignore'), 'utf8');
  } catch {
    return '';
  }
}
