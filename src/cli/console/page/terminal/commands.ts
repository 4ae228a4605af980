import { table } from '../../../../shared/meta/table.ts';
import { type Commands, Parser, type Sequence } from './parser.ts';
import { clamp, type Mode, type Screen } from './screen.ts';
import { styleAfter } from './style.ts';

/** Does on a screen what a program writes. `answer`: where the terminal's own answers go, which is the program's input. */
export function terminalOf(screen: Screen, answer: (text: string) => void): Parser {
  return new Parser({
    print: (text) => screen.print(text),
    control: (character) => {
      if (!keepsWrap.includes(character)) settle(screen);
      controls[character]?.(screen);
      screen.lastPrinted = '';
    },
    escape: (intermediates, final) => {
      if (intermediates === '(' || intermediates === ')') designate(screen, intermediates, final);
      else escapes[intermediates + final]?.(screen);
      screen.lastPrinted = '';
    },
    sequence: (sequence) => {
      run(screen, sequence, answer);
      screen.lastPrinted = '';
    },
  } satisfies Commands);
}

function run(screen: Screen, { prefix, parameters, intermediates, final }: Sequence, answer: Answer): void {
  const numbers = parameters.map(([first = 0]) => first);
  const [first = 0] = numbers;
  if (final === 'm' && !prefix && !intermediates) screen.style = styleAfter(screen.style, parameters);
  else if ((final === 'h' || final === 'l') && !intermediates)
    for (const number of numbers) setMode(screen, `${prefix}${number}`, final === 'h');
  else {
    const key = prefix + intermediates + final;
    const answered = answers[`${key}${final === 'n' ? first : ''}`];
    if (answered) answer(answered(screen));
    // What comes after the last column has been written acts there, but for what erases and for tabs.
    if (!'JKbIZ'.includes(final)) settle(screen);
    sequences[key]?.(screen, Math.max(first, 1), numbers);
  }
}

const [tab, shiftOut, shiftIn] = ['\t', '\x0e', '\x0f'];
/** After the last column has been written, these change nothing of that. */
const keepsWrap = [tab, shiftOut, shiftIn];

type Answer = (text: string) => void;

/** Takes back that the next character would wrap. */
function settle({ cursor, columns }: Screen): void {
  cursor.column = Math.min(cursor.column, columns - 1);
}

const feed = (screen: Screen) => {
  if (screen.modes.feedsReturn) screen.cursor.column = 0;
  screen.feed();
};

const controls = table<Record<string, (screen: Screen) => void>>({
  '\b': ({ cursor }) => {
    cursor.column = Math.max(cursor.column - 1, 0);
  },
  [tab]: (screen) => toTab(screen, 1),
  '\n': feed,
  '\v': feed,
  '\f': feed,
  '\r': ({ cursor }) => {
    cursor.column = 0;
  },
  [shiftOut]: (screen) => {
    screen.isShifted = true;
  },
  [shiftIn]: (screen) => {
    screen.isShifted = false;
  },
});

const escapes = table<Record<string, (screen: Screen) => void>>({
  '7': (screen) => screen.save(),
  '8': (screen) => screen.restore(),
  D: (screen) => screen.feed(),
  E: (screen) => {
    screen.cursor.column = 0;
    screen.feed();
  },
  H: ({ tabs, cursor }) => void tabs.add(cursor.column),
  M: (screen) => screen.feedBack(),
  c: (screen) => screen.reset(),
});

function designate(screen: Screen, which: '(' | ')', final: string): void {
  const [g0, g1] = screen.drawsLines;
  screen.drawsLines = which === '(' ? [final === '0', g1] : [g0, final === '0'];
}

/** `count` is the first number, and 1 where that is 0 or left out. */
type Act = (screen: Screen, count: number, numbers: readonly number[]) => void;

const up: Act = ({ cursor, area }, count) => {
  cursor.row = Math.max(cursor.row - count, cursor.row >= area.top ? area.top : 0);
};
const down: Act = ({ cursor, area, rows }, count) => {
  cursor.row = Math.min(cursor.row + count, cursor.row <= area.bottom ? area.bottom : rows - 1);
};
const right: Act = ({ cursor, columns }, count) => {
  cursor.column = Math.min(cursor.column + count, columns - 1);
};
const toColumn: Act = (screen, count) => {
  screen.cursor.column = clamp(count - 1, 0, screen.columns - 1);
};
const toRow: Act = (screen, count) => screen.moveTo(count - 1, screen.cursor.column);
const toPlace: Act = (screen, row, [, column = 1]) => screen.moveTo(row - 1, Math.max(column, 1) - 1);

const sequences = table<Record<string, Act>>({
  A: up,
  B: down,
  C: right,
  D: ({ cursor }, count) => {
    cursor.column = Math.max(cursor.column - count, 0);
  },
  E: (screen, count, numbers) => {
    down(screen, count, numbers);
    screen.cursor.column = 0;
  },
  F: (screen, count, numbers) => {
    up(screen, count, numbers);
    screen.cursor.column = 0;
  },
  G: toColumn,
  '`': toColumn,
  H: toPlace,
  f: toPlace,
  a: right,
  d: toRow,
  e: (screen, count) => {
    screen.cursor.row = Math.min(
      screen.cursor.row + count,
      screen.modes.origin ? screen.area.bottom : screen.rows - 1,
    );
  },
  I: (screen, count) => toTab(screen, count),
  Z: (screen, count) => toTab(screen, -count),
  g: ({ tabs, cursor }, _, [which]) => {
    if (which === 3) tabs.clear();
    else tabs.delete(cursor.column);
  },
  J: eraseScreen,
  '?J': eraseScreen,
  K: eraseLine,
  '?K': eraseLine,
  X: ({ grid, cursor: { row, column }, columns, ground }, count) =>
    grid.erase(row, column, Math.min(column + count, columns), ground),
  '@': ({ grid, cursor: { row, column }, ground }, count) => grid.insert(row, column, count, ground),
  P: ({ grid, cursor: { row, column }, ground }, count) => grid.remove(row, column, count, ground),
  L: (screen, count) =>
    inArea(screen, (row, bottom) => screen.grid.scrollDown(row, bottom, count, screen.ground)),
  M: (screen, count) =>
    inArea(screen, (row, bottom) => screen.grid.scrollUp(row, bottom, count, screen.ground, false)),
  S: ({ grid, area: { top, bottom }, ground }, count) => grid.scrollUp(top, bottom, count, ground, false),
  T: ({ grid, area: { top, bottom }, ground }, count) => grid.scrollDown(top, bottom, count, ground),
  b: (screen, count) =>
    screen.print(screen.lastPrinted.repeat(Math.min(count, screen.rows * screen.columns))),
  r: (screen, top, [, last]) => {
    const bottom = Math.min(last || screen.rows, screen.rows);
    if (bottom <= top) return;
    screen.grid.area = { top: top - 1, bottom: bottom - 1 };
    screen.moveTo(0, 0);
  },
  s: (screen) => screen.save(),
  u: (screen) => screen.restore(),
  '!p': (screen) => screen.reset(true),
});

function eraseScreen(
  { grid, cursor: { row, column }, rows, columns, ground }: Screen,
  _: number,
  [which]: readonly number[],
) {
  if (which === 3) {
    grid.forget();
    return;
  }
  if (which === 0) grid.erase(row, column, columns, ground);
  if (which === 1) grid.erase(row, 0, Math.min(column + 1, columns), ground);
  const [from, to] = which === 0 ? [row + 1, rows] : [0, which === 1 ? row : rows];
  for (let each = from; each < to; each++) grid.erase(each, 0, columns, ground);
}

function eraseLine(
  { grid, cursor: { row, column }, columns, ground }: Screen,
  _: number,
  [which]: readonly number[],
) {
  const from = which === 0 ? column : 0;
  grid.erase(row, from, which === 1 ? Math.min(column + 1, columns) : columns, ground);
}

/** Lines are inserted and deleted from the cursor's to the end of the area, if it is in it. */
function inArea({ cursor, area }: Screen, act: (row: number, bottom: number) => void): void {
  if (cursor.row < area.top || cursor.row > area.bottom) return;
  act(cursor.row, area.bottom);
  cursor.column = 0;
}

function toTab({ cursor, tabs, columns }: Screen, count: number): void {
  if (cursor.column === columns) return;
  const step = Math.sign(count);
  const edge = step > 0 ? columns - 1 : 0;
  for (let left = Math.abs(count); left > 0 && cursor.column !== edge; left--)
    do cursor.column += step;
    while (cursor.column !== edge && !tabs.has(cursor.column));
}

const modes = table<Record<string, Mode>>({
  '4': 'inserts',
  '20': 'feedsReturn',
  '?1': 'applicationCursor',
  '?6': 'origin',
  '?7': 'wraps',
  '?25': 'showsCursor',
  '?2004': 'bracketsPaste',
});

function setMode(screen: Screen, number: string, isOn: boolean): void {
  const mode = modes[number];
  if (mode) screen.modes[mode] = isOn;
  if (mode === 'origin') screen.moveTo(0, 0);
  if (number === '?1048' || number === '?1049') if (isOn) screen.save();
  if (number === '?47' || number === '?1047' || number === '?1049') screen.showAlternate(isOn);
  if ((number === '?1048' || number === '?1049') && !isOn) screen.restore();
}

/** What programs ask of a terminal: whether it is well, where the cursor is, and what it is: one like a VT100, as xterm.js says. */
const answers = table<Record<string, (screen: Screen) => string>>({
  n5: () => '\x1b[0n',
  n6: ({ cursor, columns }) => `\x1b[${cursor.row + 1};${Math.min(cursor.column + 1, columns)}R`,
  c: () => '\x1b[?1;2c',
  '>c': () => '\x1b[>0;276;0c',
});
