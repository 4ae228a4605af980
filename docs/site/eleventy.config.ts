// `npm run docs`: makes a site of the pages that docs/README.md lists, in dist-docs/ or in the folder that `--output` names. It needs
// no server and no network, stands below any path, and opens from file://. DOCS_SOURCES says where other files of the repository
// can be read, ending with `/`.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { addressOf, hrefIn, wayTo } from '../../tools/docs/addresses.ts';
import { navigation, type Page, pages } from '../../tools/docs/pages.ts';
import { headingsOf, partsOf } from '../../tools/docs/parts.ts';
import { asSite, type MarkdownIt } from '../../tools/docs/renderer.ts';

/** What is used of the generator. */
interface Eleventy {
  addTemplate(path: string, content: string, data: object): void;
  addPassthroughCopy(from: Record<string, string>): void;
  addFilter(name: string, filter: (...values: string[]) => unknown): void;
  amendLibrary(name: 'md', amend: (library: MarkdownIt) => void): void;
  on(event: 'eleventy.after', then: (made: Made) => void): void;
}

interface Made {
  directories: { output: string };
  results: { url: string; content: string }[];
}

const miniSearch = createRequire(import.meta.url)
  .resolve('minisearch')
  .replace(/dist.*/, 'dist/umd/index.js');

export default function configure(eleventy: Eleventy): object {
  const all = pages();
  const sources = process.env.DOCS_SOURCES;
  const site = { files: new Set(all.map(({ file }) => file)), sources };
  eleventy.amendLibrary('md', (library) => asSite(library, (file, target) => hrefIn(site, file, target)));
  eleventy.addFilter('way', (to = '', from = '') => wayTo(from, to));
  eleventy.addFilter('headings', (html = '') => headingsOf(html));
  for (const [i, page] of all.entries())
    eleventy.addTemplate(`page${i}.md`, page.text, {
      ...dataOf(page, all),
      layout: 'layout.liquid',
      permalink: addressOf(page.file),
      source: sources && `${sources}${page.file}`,
    });
  eleventy.addPassthroughCopy({
    'docs/images': 'images',
    'docs/site/style.css': 'style.css',
    'docs/site/search.js': 'search.js',
    [miniSearch]: 'minisearch.js',
  });
  eleventy.on('eleventy.after', ({ directories: { output }, results }) => {
    const titles = new Map(all.map(({ file, title }) => [addressOf(file), title]));
    const parts = results.flatMap(({ url, content }) => {
      const address = url.slice(1) || 'index.html';
      return partsOf(address, titles.get(address) ?? '', content);
    });
    // A script and no JSON: from file:// a page may read nothing else.
    writeFileSync(join(output, 'words.js'), `window.words = ${JSON.stringify(parts)};\n`);
  });
  return {
    dir: { input: 'docs/site', includes: 'parts', output: 'dist-docs' },
    markdownTemplateEngine: false,
  };
}

const sections = navigation();
/** The order in which the pages lead on to each other. */
const order = [...new Set(sections.flatMap(({ entries }) => entries.map(({ file }) => file)))];

function dataOf({ file, title, language }: Page, all: readonly Page[]): object {
  const at = order.indexOf(file);
  const neighbour = (step: number) => {
    const found = at < 0 ? undefined : all.find((page) => page.file === order[at + step]);
    return found && { title: found.title, address: addressOf(found.file), language: found.language };
  };
  return {
    file,
    title,
    language,
    address: addressOf(file),
    sections: sections.map(({ title, entries }) => ({
      title,
      entries: entries.map(({ title, file: to, anchor }) => ({
        title,
        address: `${addressOf(to)}${anchor && `#${anchor}`}`,
        isHere: to === file && !anchor,
        language: all.find((page) => page.file === to)?.language,
      })),
    })),
    before: neighbour(-1),
    after: neighbour(1),
  };
}
