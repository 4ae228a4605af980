import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { type Bar, chartOf } from '../tools/chart.ts';
import type { Figure } from './bench.ts';

const usualOpponent = 'etcd + kube-apiserver';

/** The figures as a Markdown table, with a last column that says plainly which goals are missed. */
export function printTable(figures: Figure[], reference: string, opponent = usualOpponent): void {
  const rows = figures.map(({ what, measured, unit, reference: other, goal, note }) => [
    what,
    `${measured} ${unit}`,
    other === undefined ? '–' : `${other} ${unit}`,
    goal ? ('atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`) : '–',
    goal ? (holds(measured, goal) ? 'holds' : 'MISSED') : '',
    note ?? '',
  ]);
  const head = ['what', 'shallop', opponent, 'goal', '', 'note'];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}; reference ${reference}\n`,
  );
  console.log([line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'));
}

const holds = (measured: number, goal: NonNullable<Figure['goal']>): boolean =>
  'atMost' in goal ? measured <= goal.atMost : measured >= goal.atLeast;

/** Writes the figures that both have as a chart, and says where. */
export function drawChart(figures: readonly Figure[], file: string): void {
  const when = `Measured ${new Date().toISOString()}, Node ${process.version}.`;
  writeFileSync(file, chartOf(figures.flatMap(barOf), usualOpponent, when));
  console.log(`\nthe chart: ${file}`);
}

/** What the chart has of a figure: nothing where the reference has none. */
const barOf = ({ what, unit, measured, reference, goal }: Figure): Bar[] =>
  reference === undefined
    ? []
    : [
        {
          what,
          unit,
          ours: measured,
          theirs: reference,
          moreIsBetter: goal ? 'atLeast' in goal : unit === '/s',
        },
      ];
