import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../examples/demo/server.ts';

/** A page of docs/ as somebody follows it. */
export interface Page {
  /** The files that it tells to write: code blocks with a title. */
  files: File[];
  /** The commands that it tells to run. */
  commands: Command[];
}

export interface File {
  name: string;
  text: string;
}

export interface Command {
  /** As it stands there, without its comment. */
  line: string;
  /** The comment behind it. */
  comment: string;
  /** What the page says that it prints: the next block, where that is text. */
  output: string | undefined;
}

/** What is done with a page, one thing after the other. */
export type Step = { file: File } | { command: Command };

const block = /^```(\w*)(?: title=(\S+))?\n([\s\S]*?)^```$/gm;

export function readPage(name: string): Page {
  const page: Page = { files: [], commands: [] };
  let last: Command | undefined;
  for (const { language, title, text } of blocksOf(name)) {
    if (title) page.files.push({ name: title, text });
    if (language === 'text' && last) last.output = text;
    last = undefined;
    if (language !== 'sh') continue;
    for (const line of text.split('\n').filter(Boolean)) {
      last = commandOf(line);
      page.commands.push(last);
    }
  }
  return page;
}

/** The same in its order, with sessions: lines after `$ `, and below each what it prints. */
export const readSteps = (name: string): Step[] =>
  blocksOf(name).flatMap(({ language, title, text }): Step[] => {
    if (title) return [{ file: { name: title, text } }];
    const commands = /^\$ /m.test(text)
      ? sessionOf(text)
      : language === 'sh'
        ? text.split('\n').filter(Boolean).map(commandOf)
        : [];
    return commands.map((command) => ({ command }));
  });

const sessionOf = (text: string): Command[] =>
  text.split(/^\$ /m).flatMap((part) => {
    const [line = '', ...output] = part.split('\n');
    return line ? [{ ...commandOf(line), output: output.join('\n').trim() || undefined }] : [];
  });

function commandOf(text: string): Command {
  const [line = '', comment = ''] = text.split(/\s+#\s*/);
  return { line, comment, output: undefined };
}

const blocksOf = (name: string) =>
  [...readFileSync(join(repository, 'docs', name), 'utf8').matchAll(block)].map(
    ([, language = '', title, text = '']) => ({ language, title, text }),
  );

/**
 * What a line of a page says, as a pattern for what is printed: names of Pods, addresses of loopback, ports, times and
 * temporary folders are others each time, and `…` stands for anything.
 */
export function likeLine(line: string, home: string): RegExp {
  const literal = line.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const pattern = literal
    .replace(/ …|[\w-]*…/g, '.*')
    .replace(/~/g, () => home.replaceAll('/', '\\/'))
    .replace(/\b\d+ ms\b/g, '\\d+ ms')
    .replace(/-[0-9a-f]{8,10}-[0-9a-z]{5}\b/g, '-\\w+-\\w{5}')
    .replace(/127(?:\\\.\d+){3}(?::\d+)?/g, '127(?:\\.\\d+){3}(?::\\d+)?')
    .replace(/(shallop-[a-z]+-)\w{6}\b/g, '$1\\w{6}')
    .replace(/\\\/tmp\\\//g, '\\S*\\/')
    .replace(/ +/g, ' +');
  return new RegExp(`^${pattern}\\s*$`, 'm');
}
