import { posix } from 'node:path';
import { isElsewhere } from './deadLinks.ts';
import { contents, targetFrom } from './pages.ts';

/** @returns the file of the site that shows a Markdown file: its name in lower case, the contents as `index.html`. */
export function addressOf(file: string): string {
  if (file === contents) return 'index.html';
  if (file === 'README.md') return 'shallop.html';
  const name = file.replace(/^docs\//, '').replace(/\.md$/, '');
  return `${name === 'adr' ? 'adr/index' : name.replace(/^[A-Z]+$/, (word) => word.toLowerCase())}.html`;
}

/** @returns the way from one file of the site to another, which holds below any path and from `file://`. */
export const wayTo = (from: string, to: string): string => posix.relative(posix.dirname(from), to) || to;

export interface Site {
  /** Markdown files that have a page. */
  files: ReadonlySet<string>;
  /** Where other files of the repository can be read, ending with `/`; undefined where nobody knows. */
  sources: string | undefined;
}

/**
 * @returns where a link of a page leads to in the site: to a page of it, to a picture that is copied, or to a source in the repository;
 *   undefined where the source cannot be linked to.
 */
export function hrefIn({ files, sources }: Site, file: string, target: string): string | undefined {
  if (isElsewhere(target)) return target;
  const { file: found, anchor } = targetFrom(file, target);
  const part = anchor && `#${encodeURIComponent(anchor)}`;
  if (found === file && anchor) return part;
  if (files.has(found)) return wayTo(addressOf(file), addressOf(found)) + part;
  if (found.startsWith('docs/images/')) return wayTo(addressOf(file), found.replace(/^docs\//, ''));
  return sources && `${sources}${found}${part}`;
}
