import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../examples/demo/server.ts';

/** A page of docs/ as somebody follows it. */
export interface Page {
  /** The files that it tells to write: code blocks with a title. */
  files: { name: string; text: string }[];
  /** The commands that it tells to run. */
  commands: Command[];
}

export interface Command {
  /** As it stands there, without its comment. */
  line: string;
  /** The comment behind it. */
  comment: string;
  /** What the page says that it prints: the next block, where that is text. */
  output: string | undefined;
}

const block = /^```(\w+)(?: title=(\S+))?\n([\s\S]*?)^```$/gm;

export function readPage(name: string): Page {
  const page: Page = { files: [], commands: [] };
  let last: Command | undefined;
  for (const [, language, title, text = ''] of readFileSync(join(repository, 'docs', name), 'utf8').matchAll(
    block,
  )) {
    if (title) page.files.push({ name: title, text });
    if (language === 'text' && last) last.output = text;
    last = undefined;
    if (language !== 'sh') continue;
    for (const each of text.split('\n').filter(Boolean)) {
      const [line = '', comment = ''] = each.split(/\s+#\s*/);
      last = { line, comment, output: undefined };
      page.commands.push(last);
    }
  }
  return page;
}
