import { cpus } from 'node:os';
import type { Figure } from './bench.ts';

/** The figures as a Markdown table, with a last column that says plainly which goals are missed. */
export function printTable(figures: Figure[], reference: string, opponent = 'etcd + kube-apiserver'): void {
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
