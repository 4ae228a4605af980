/**
 * Writes docs/library-reference.md from the declarations of the library and their comments: `npm run update`, and a structure
 * test compares. typedoc would do it with TypeScript 6 at most; this repository has 7.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { declarations } from './declarations.ts';

export const path = join(resolve(import.meta.dirname, '..'), 'docs', 'library-reference.md');

const modules = [
  { name: 'shallop', files: ['index', 'types', 'apiError'] },
  { name: 'shallop/testing', files: ['testing'] },
  { name: 'shallop/vitest', files: ['vitest'] },
  { name: 'shallop/jest', files: ['jest'] },
];

/** The page of these declarations, which are those of the sources as they are now unless somebody made them already. */
export function referencePage(texts: ReadonlyMap<string, string> = declarations()): string {
  const parts = modules.flatMap(({ name, files }) => [
    `## \`${name}\``,
    ...files.flatMap((file) => declaredIn(texts.get(file)!)).map(section),
  ]);
  return `${['# Reference of the library', intro, ...parts].join('\n\n')}\n`;
}

const intro = `What programs may import from shallop, written from its declarations by \`npm run update\`. How to use it:
[library.md](library.md).`;

interface Declared {
  comment: string;
  /** Without what is between braces. */
  head: string;
  /** Whether it has members between braces. */
  isBlock: boolean;
  members: { comment: string; text: string }[];
}

const declaration =
  /^(?:\/\*\*([\s\S]*?)\*\/\n)?export (?:declare |default )*(?:((?:interface|class) \w[^\n]*) \{\n([\s\S]*?)^\}|((?:function|const|type) \w[^\n]*(?:\n {4}[^\n]*)*(?:\n\}[^\n]*)?))/gm;
const member = /^ {4}(?:\/\*\*([\s\S]*?)\*\/\n {4})?([^\n]*(?:\n {5,}[^\n]*|\n {4}\}[^\n]*)*);$/gm;

const declaredIn = (text: string): Declared[] =>
  [...text.matchAll(declaration)].map(([, comment = '', block, body = '', line = '']) => ({
    comment: plain(comment),
    head: block ?? line,
    isBlock: block !== undefined,
    members: [...body.matchAll(member)]
      .map(([, comment = '', text = '']) => ({ comment: plain(comment), text: text.replace(/\s+/g, ' ') }))
      .filter(({ text }) => !text.startsWith('#private')),
  }));

function section({ comment, head, isBlock, members }: Declared): string {
  const name = /^\w+ (\w+)/.exec(head)![1]!;
  const base = /extends (\w+)/.exec(isBlock ? head : '')?.[1];
  const signature = isBlock ? '' : `\`\`\`ts\n${head.replace(/;$/, '')}\n\`\`\`\n\n`;
  const also = base ? ` Has what \`${base}\` has, and:` : '';
  const listed = members.map(({ comment, text }) => {
    const told = comment ? `\n${comment.replace(/^/gm, '  ').replace(/^ +$/gm, '')}` : '';
    return `- \`${text}\`${told}`;
  });
  return `### ${name}\n\n${signature}${comment}${also}${listed.length ? `\n\n${listed.join('\n')}` : ''}`;
}

/** The text of a comment as Markdown. */
function plain(comment: string): string {
  const text = comment
    .replace(/^[ \t]*\* ?/gm, '')
    .replace(/\{@link ([\w.]+)\}/g, '`$1`')
    .trim();
  return text
    .replace(/^@param (\w+) /gm, '\n`$1`: ')
    .replace(/^@returns /gm, '\nReturns ')
    .replace(/^@throws /gm, '\nThrows ')
    .replace(/^@example\n((?:(?!\n@|\n\n)[\s\S])*)/gm, (_, code) => `\n\`\`\`js\n${code}\n\`\`\``)
    .replace(/^\n/, '');
}

if (import.meta.filename === process.argv[1]) writeFileSync(path, referencePage());
