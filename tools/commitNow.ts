import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** Returns the commit of this checkout, marked when files that shallop runs differ from it. */
export function commitNow(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'bin', 'lambdas');
  return git('rev-parse', '--short=9', 'HEAD') + (changed ? '+changes' : '');
}

/** Returns the commit of this checkout; undefined where git, or the history, is not there. */
export function commitIfKnown(): string | undefined {
  try {
    return commitNow();
  } catch {
    return undefined;
  }
}
