/** Part of `npm run update`: the README's figures and its chart are of the table in docs/bench.md, where they are measured. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bar, chartOf } from './chart.ts';

const root = join(import.meta.dirname, '..');
const readme = join(root, 'README.md');
/** The picture of the table. */
export const chart = 'docs/images/bench.svg';
const opponent = 'etcd + kube-apiserver';

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

/** Cells of the rows of docs/bench.md that are shown. Throws when there are none. */
function rowsOf(bench: string): string[][] {
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
  return chosen;
}

/** The README with the figures as docs/bench.md has them now. Throws when either has lost its place for them. */
export function withFigures(text: string, bench: string): string {
  const table = [
    ['', 'shallop', opponent],
    ['---', '---', '---'],
    ...rowsOf(bench).map(([what, ours, theirs]) => [what, ours, theirs]),
  ];
  const lines = table.map((cells) => `| ${cells.join(' | ')} |`);
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error('README.md has no place for figures');
  return [
    before,
    begin,
    '\n',
    `![shallop beside ${opponent}, as bars; the table below has the same figures](${chart})\n\n`,
    ...lines.map((line) => `${line}\n`),
    '\n',
    circumstances(bench),
    '\n',
    end,
    after,
  ].join('');
}

/** The same figures as a picture. */
export const drawnFigures = (bench: string): string =>
  chartOf(rowsOf(bench).flatMap(barOf), opponent, `Measured ${measured(bench)}.`);

/** Nothing of a row where one of both has no figure of its own. */
function barOf([what = '', ours = '', theirs = '']: string[]): Bar[] {
  const [mine, other] = [figureOf(ours), figureOf(theirs)];
  if (!mine || !other) return [];
  const { unit } = mine;
  return [{ what, unit, ours: mine.value, theirs: other.value, moreIsBetter: unit === '/s' }];
}

/** `2,493 /s (p50 5.7 ms)` → 2493 and `/s`; of `1–1.5 %` the first. */
function figureOf(text: string): { value: number; unit: string } | undefined {
  const [, number = '', unit = ''] = /^([\d.,]+)(?:–[\d.,]+)? (\S+)/.exec(text) ?? [];
  return number ? { value: Number(number.replaceAll(',', '')), unit } : undefined;
}

const circumstances = (bench: string): string =>
  `Measured ${measured(bench)}; both columns' circumstances stand in docs/bench.md.`;

/** When and on what: how the section with the table begins. */
function measured(bench: string): string {
  const paragraph = /^## As last measured\n+([^\n|]+)/m.exec(bench)?.[1] ?? '';
  return paragraph.split(/; |\. /)[0]!;
}

if (import.meta.filename === process.argv[1]) {
  const bench = readFileSync(join(root, 'docs', 'bench.md'), 'utf8');
  writeFileSync(readme, withFigures(readFileSync(readme, 'utf8'), bench));
  writeFileSync(join(root, chart), drawnFigures(bench));
}
