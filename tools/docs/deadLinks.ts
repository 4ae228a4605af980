import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { anchorsIn, linksIn } from './markdown.ts';
import { repository, targetFrom } from './pages.ts';

/** @returns the links of a page that lead to no file, or to no heading of one, each with what is wrong. */
export function deadLinks({ file, text }: { file: string; text: string }): string[] {
  return linksIn(text)
    .filter(({ target }) => !isElsewhere(target))
    .flatMap(({ target }) => {
      const found = targetFrom(file, target);
      const path = join(repository, found.file);
      if (!existsSync(path)) return [`${file}: ${target}: there is no ${found.file}`];
      if (!found.anchor || !found.file.endsWith('.md') || statSync(path).isDirectory()) return [];
      const there = found.file === file ? text : readFileSync(path, 'utf8');
      return anchorsIn(there).includes(found.anchor) ? [] : [`${file}: ${target}: no heading has this name`];
    });
}

/** Whether a link leaves the repository. */
export const isElsewhere = (target: string): boolean => /^[a-z]+:/i.test(target);
