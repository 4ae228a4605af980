import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

import { parseConfig } from '../../src/local/config.ts';
import { contextLines, nextCommands } from '../../src/local/upLines.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const oneLine = (text: string) => text.replace(/\s+/g, ' ');
const pages = ['README.md', 'docs/first-ten-minutes.md'];

test('C10: README and the first ten minutes say the same of Node, and what package.json asks for', () => {
  const needed = /^>=(\d+)$/.exec(JSON.parse(read('package.json')).engines.node)?.[1];
  for (const page of pages)
    expect(oneLine(read(page))).toContain(
      `shallop runs on Node ${needed} or newer. A checkout brings its own Node 24, so Node 20 is enough to install it.`,
    );
});

test('C10: the first ten minutes show the lines that `up` prints', () => {
  const config = parseConfig({ allowRemote: false, stopPods: false }, { HOME: '/home/me' }, '/');
  const lines = contextLines({ ...config, kubeconfig: '~/.kube/config' }, 'work');
  const page = read('docs/first-ten-minutes.md');
  for (const line of [...lines, ...nextCommands(config, 'work', {}).map((c) => `              ${c}`)])
    expect(page).toContain(`\n${line}\n`);
});
