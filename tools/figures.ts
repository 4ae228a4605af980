/** Part of `npm run update`: the README's figures are rows of the table in docs/bench.md, where they are measured. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const readme = join(root, 'README.md');

/** The beginnings of the rows that are shown. */
const shown = [
  'ready from an empty folder',
  'RSS idle',
  'RSS with 20,000 Pods, after',
  'idle CPU',
  'create ConfigMap 1 KB ×16',
  'GET ConfigMap ×16',
  'create Pod ×16',
  'LIST 20,000 Pods',
  'watch, write sent → event, p50',
  'Deployment of 1,000 replicas Ready',
];

const [begin, end] = ['<!-- figures: npm run update -->', '<!-- /figures -->'];

/** The README with the figures as docs/bench.md has them now. Throws when either has lost its place for them. */
function withFigures(text: string, bench: string): string {
  const rows = bench
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const chosen = shown.flatMap((name) => rows.filter(([what]) => what!.startsWith(name)).slice(0, 1));
  if (chosen.length === 0) throw new Error('docs/bench.md has no figures any more');
  const table = [
    ['', 'shallop', 'etcd + kube-apiserver'],
    ['---', '---', '---'],
    ...chosen.map(([what, ours, theirs]) => [what, ours, theirs]),
  ];
  const lines = table.map((cells) => `| ${cells.join(' | ')} |`);
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error('README.md has no place for figures');
  return [
    before,
    begin,
    '\n',
    ...lines.map((line) => `${line}\n`),
    '\n',
    circumstances(bench),
    '\n',
    end,
    after,
  ].join('');
}

/** When and on what: how the section with the table begins. */
function circumstances(bench: string): string {
  const paragraph = /^## As last measured\n+([^\n|]+)/m.exec(bench)?.[1] ?? '';
  return `Measured ${paragraph.split(/; |\. /)[0]}; both columns' circumstances stand in docs/bench.md.`;
}

if (import.meta.filename === process.argv[1])
  writeFileSync(
    readme,
    withFigures(readFileSync(readme, 'utf8'), readFileSync(join(root, 'docs', 'bench.md'), 'utf8')),
  );
