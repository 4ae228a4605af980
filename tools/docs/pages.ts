import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { linksIn, titleOf } from './markdown.ts';

export const repository = resolve(import.meta.dirname, '../..');
/** The page whose lists are the navigation of the site. */
export const contents = 'docs/README.md';
const decisions = 'docs/adr';

/** A Markdown file of the repository that the site shows. */
export interface Page {
  /** From the root of the repository: `docs/learn.md`. */
  file: string;
  title: string;
  text: string;
  /** Language of the text, as HTML names it. */
  language: string;
}

export interface Section {
  title: string;
  entries: Entry[];
}

/** A line of the navigation. */
export interface Entry {
  title: string;
  file: string;
  /** The part of the page, without `#`; empty for the whole page. */
  anchor: string;
}

/** @returns the navigation by reader, as `docs/README.md` lists it. @throws when it names what does not exist. */
export function navigation(): Section[] {
  const sections: Section[] = [];
  for (const line of read(contents).split('\n')) {
    if (line.startsWith('## ')) sections.push({ title: line.slice(3), entries: [] });
    const section = sections.at(-1);
    for (const { target, text } of line.startsWith('- ') ? linksIn(line) : []) {
      const { file, anchor } = targetFrom(contents, target);
      if (!existsSync(join(repository, file)))
        throw new Error(`${contents} names ${target}, which is not there`);
      section?.entries.push({ title: text.replaceAll('`', ''), file, anchor });
    }
  }
  return sections;
}

/** @returns all pages of the site: the contents, what the navigation names, and the decisions. */
export function pages(): Page[] {
  const named = navigation().flatMap(({ entries }) => entries.map(({ file }) => file));
  const files = new Set([contents, ...named.filter((file) => file !== decisions), ...decisionFiles()]);
  return [...[...files].map(pageOf), decisionsPage()];
}

/** @returns Markdown files that readers would look for in the navigation, whether they are in it or not. */
export const wantedPages = (): string[] =>
  readdirSync(join(repository, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);

/** @returns what a link of a page leads to: a path from the root of the repository, and the part of it. */
export function targetFrom(file: string, target: string): { file: string; anchor: string } {
  const [path = '', anchor = ''] = target.split('#');
  const found = path === '' ? file : posix.join(posix.dirname(file), decodeURIComponent(path));
  return { file: found.replace(/\/$/, ''), anchor: decodeURIComponent(anchor) };
}

const decisionFiles = () =>
  readdirSync(join(repository, decisions))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `${decisions}/${name}`);

/** GitHub shows the folder itself; the site needs a page. */
function decisionsPage(): Page {
  const lines = decisionFiles().map((file) => `- [${pageOf(file).title}](${posix.relative('docs', file)})`);
  const title = 'Decisions';
  return { file: decisions, title, language: 'en', text: `# ${title}\n\n${lines.join('\n')}\n` };
}

function pageOf(file: string): Page {
  const text = read(file);
  const language = /\.([a-z]{2})\.md$/.exec(file)?.[1] ?? 'en';
  return { file, title: titleOf(text) ?? file, text, language };
}

const read = (file: string) => readFileSync(join(repository, file), 'utf8');
