/**
 * node tools/terminal-screens/record.ts: has xterm.js, in the version named here, show the cases, and writes down what it
 * shows; the console's own terminal has to show the same. Fetches that version from npm into .cache.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf, lookOf, type Shown } from '../../src/cli/console/page/terminal/testing/shown.ts';
import { type Case, cases } from './cases.ts';

const version = '6.0.0';
const folder = join(import.meta.dirname, '../../.cache/xterm');
const recorded = join(import.meta.dirname, '../../src/cli/console/page/terminal/testdata/screens.json');

/** What is used of xterm.js. */
interface Cell {
  getWidth(): number;
  getChars(): string;
  getFgColor(): number;
  getBgColor(): number;
  isFgRGB(): boolean;
  isBgRGB(): boolean;
  isFgDefault(): boolean;
  isBgDefault(): boolean;
  isBold(): number;
  isDim(): number;
  isItalic(): number;
  isUnderline(): number;
  isInverse(): number;
  isInvisible(): number;
  isStrikethrough(): number;
}
interface Xterm {
  write(text: string, done: () => void): void;
  dispose(): void;
  buffer: {
    active: {
      type: string;
      baseY: number;
      cursorX: number;
      cursorY: number;
      getLine(at: number): { getCell(at: number): Cell };
    };
  };
}

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{"private": true}');
execFileSync('npm', ['install', '--silent', '--ignore-scripts', `@xterm/headless@${version}`], {
  cwd: folder,
});
const { default: xterm } = await import(
  join(folder, 'node_modules/@xterm/headless/lib-headless/xterm-headless.js')
);

// It breaks in the middle of some, such as ESC [ 1 J in the last column: those say nothing.
let broken = () => {};
process.on('uncaughtException', () => broken());

const results: { shown: Shown; name: string; rows: number; columns: number; pieces: string[] }[] = [];
for (const each of cases) {
  const shown = await show(each);
  if (shown) results.push({ ...each, shown });
  else console.log(`xterm.js breaks at: ${each.name}`);
}
writeFileSync(recorded, `[\n${results.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`);
console.log(`${results.length} of ${cases.length} cases as xterm.js ${version} shows them`);

async function show({ rows, columns, pieces }: Case): Promise<Shown | undefined> {
  const terminal: Xterm = new xterm.Terminal({
    rows,
    cols: columns,
    allowProposedApi: true,
    scrollback: 1000,
  });
  const isDone = await new Promise<boolean>((resolve) => {
    broken = () => resolve(false);
    terminal.write(pieces.join(''), () => resolve(true));
  });
  return isDone ? shownBy(terminal, rows, columns) : undefined;
}

function shownBy({ buffer: { active } }: Xterm, rows: number, columns: number): Shown {
  const places = Array.from({ length: rows }, (_, row) => {
    const line = active.getLine(active.baseY + row);
    return Array.from({ length: columns }, (_, column) => placeOf(line.getCell(column)));
  });
  return {
    lines: linesOf(places),
    cursor: [active.cursorY, active.cursorX],
    above: active.baseY,
    isAlternate: active.type === 'alternate',
  };
}

function placeOf(cell: Cell) {
  const width = cell.getWidth();
  const text = cell.getChars() || (width ? ' ' : '');
  const colour = (isDefault: boolean, isRgb: boolean, value: number) =>
    isDefault ? '' : isRgb ? `#${value.toString(16).padStart(6, '0')}` : `${value}`;
  const marks = [
    [cell.isBold(), 'b'],
    [cell.isDim(), 'd'],
    [cell.isItalic(), 'i'],
    [cell.isUnderline(), 'u'],
    [cell.isInverse(), 'r'],
    [cell.isInvisible(), 'h'],
    [cell.isStrikethrough(), 's'],
  ] as const;
  const look = {
    text: colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    ground: colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    marks: marks
      .filter(([is]) => is)
      .map(([, letter]) => letter)
      .join(''),
  };
  return { text, width, look: lookOf(look, !text.trim()) };
}
