import { expect, test } from '@jest/globals';
import { terminalOf } from './commands.ts';
import { Screen } from './screen.ts';
import recorded from './testdata/screens.json' with { type: 'json' };
import { shownBy } from './testing/shown.ts';

/** A terminal after these pieces, and what it has answered. */
function after(pieces: string[], rows = 4, columns = 10) {
  const screen = new Screen(rows, columns);
  let answers = '';
  const terminal = terminalOf(screen, (text) => {
    answers += text;
  });
  for (const piece of pieces) terminal.write(piece);
  return { screen, terminal, answers };
}

test.each(recorded)('xterm.js shows the same: $name', ({ rows, columns, pieces, shown }) => {
  expect(shownBy(after(pieces, rows, columns).screen)).toEqual(shown);
});

test('it does not matter where the output is cut', () => {
  for (const { rows, columns, pieces, shown } of recorded) {
    const single = [...pieces.join('')];
    expect(shownBy(after(single, rows, columns).screen)).toEqual(shown);
  }
});

test('emoji are two places wide, as programs of today count, and their parts are none', () => {
  const { screen } = after(['a😀b', '\r\n👍🏽']);
  expect(screen.textOf(0)).toBe('a😀b');
  expect(screen.grid.line(0).cells.map(({ width }) => width)).toEqual([1, 2, 0, 1, 1, 1, 1, 1, 1, 1]);
});

test('what xterm.js has otherwise: colours without a space for their kind, accents with nothing before them, saved places', () => {
  const coloured = after(['\x1b[38:2:1:2:3mx']).screen.grid.line(0).cells[0];
  expect(coloured?.style.text).toBe('#010203');
  expect(after(['\u0301x']).screen.textOf(0)).toBe('x');
  // The place on the screen, whatever has scrolled since.
  expect(after(['\x1b[2;3H\x1b7\x1b[4;1H\n\n\x1b8']).screen.cursor).toEqual({ row: 1, column: 2 });
});

test('a terminal tells where its cursor is, that it is well, and what it is', () => {
  expect(after(['\x1b[2;3H\x1b[6n', '\x1b[5n', '\x1b[c', '\x1b[>c']).answers).toBe(
    '\x1b[2;3R\x1b[0n\x1b[?1;2c\x1b[>0;276;0c',
  );
  // Somebody else's, which looks like it.
  expect(after(['\x1b[?6n', '\x1b[>4;2m', '\x1b[=c']).answers).toBe('');
});

test('a string that never ends is given up, so that it does not grow', () => {
  const { screen } = after(['\x1b]0;', 'x'.repeat(70_000), '\r\n', 'then']);
  expect([screen.textOf(0), screen.textOf(1)]).toEqual(['', 'then']);
  // One whose end is there is none of these, however long it is.
  expect(after([`\x1b]52;c;${'x'.repeat(70_000)}\x07then`]).screen.textOf(0)).toBe('then');
});

test.each(['\x1b]0;', '\x1bP'])('each character of what %j begins is read a few times at most', (begins) => {
  const exec = RegExp.prototype.exec;
  let read = 0;
  RegExp.prototype.exec = function (text) {
    const from = this.lastIndex;
    const found = exec.call(this, text);
    read += (found ? found.index + found[0].length : text.length) - from;
    return found;
  };
  try {
    after([begins, ...'1'.repeat(20_000)]);
  } finally {
    RegExp.prototype.exec = exec;
  }
  expect(read / 20_000).toBeLessThan(10);
});

test('a sequence that never ends is given up too', () => {
  const { screen } = after(['\x1b[', ...'1'.repeat(1100), '\x1b[2J\x1b[H', 'then']);
  expect(screen.textOf(0)).toBe('then');
  expect(after(['\x1b[', ...'1'.repeat(1000), 'mx']).screen.textOf(0)).toBe('x');
});

test('a tab goes no further than the edge, whatever its count', () => {
  const { screen, terminal } = after(['']);
  const moves: number[] = [];
  screen.cursor = new Proxy(screen.cursor, {
    set: (cursor, key, value) => moves.push(value) > 0 && Reflect.set(cursor, key, value),
  });
  terminal.write('\x1b[65535I\x1b[65535Z');
  expect(Math.max(...moves)).toBe(9);
  expect(moves.length).toBeLessThan(50);
  expect(screen.cursor.column).toBe(0);
});

test('a character takes only so many accents, so that it does not grow', () => {
  const { screen } = after(['a', '\u0301'.repeat(100), 'b']);
  expect(screen.textOf(0)).toBe(`a${'\u0301'.repeat(31)}b`);
});

test('a thousand lines are kept above the screen', () => {
  const { screen } = after([Array.from({ length: 1500 }, (_, at) => `${at}`).join('\r\n')]);
  expect([screen.grid.above, screen.grid.lines.length]).toEqual([1000, 1004]);
  expect(screen.textOf(3)).toBe('1499');
});

test.each([
  ['fewer rows push lines above', 2, 10, ['2', '3'], 1, 1],
  ['more rows bring them back', 6, 10, ['0', '1', '2', '3', '', ''], 0, 3],
  ['fewer columns cut', 4, 2, ['0', '1', '2', '3'], 0, 3],
])('another size: %s', (_, rows, columns, lines, above, row) => {
  const { screen } = after(['0\r\n1\r\n2\r\n3']);
  screen.resize(rows, columns);
  expect(lines.map((_, at) => screen.textOf(at))).toEqual(lines);
  expect(screen.cursor.row).toBe(row);
  expect(screen.grid.above).toBe(rows === 2 ? 2 : above);
});

test('another size while a program draws all of the screen: what was before comes back whole', () => {
  const { screen, terminal } = after(['one\r\ntwo\r\n$ vi', '\x1b[?1049h\x1b[H~']);
  screen.resize(3, 20);
  expect(screen.grid.line(2).cells).toHaveLength(20);
  terminal.write('\x1b[?1049l');
  expect([0, 1, 2].map((row) => screen.textOf(row))).toEqual(['one', 'two', '$ vi']);
  expect(screen.cursor).toEqual({ row: 2, column: 4 });
});

test('another size while a program draws all of the screen: the last lines before it are kept, not the first', () => {
  for (const mode of [47, 1049]) {
    const { screen, terminal } = after(['0\r\n1\r\n2\r\n$ vi', `\x1b[?${mode}h\x1b[H\x1b7~`]);
    screen.resize(3, 10);
    screen.resize(2, 10);
    terminal.write(`\x1b8\x1b[?${mode}l`);
    expect([0, 1].map((row) => screen.textOf(row))).toEqual(['2', '$ vi']);
    expect(screen.grid.above).toBe(2);
    expect(screen.cursor.row).toBe(mode === 47 ? 0 : 1);
    screen.resize(4, 10);
    expect([0, 1, 2, 3].map((row) => screen.textOf(row))).toEqual(['0', '1', '2', '$ vi']);
  }
});

test('another size moves a saved place with its line', () => {
  const { screen, terminal } = after(['0\r\n1\r\n2\x1b7\r\n3']);
  screen.resize(2, 10);
  terminal.write('\x1b8!');
  expect([screen.textOf(0), screen.textOf(1)]).toEqual(['2!', '3']);
});

test('half of a wide character is none, when the screen ends in it', () => {
  const { screen } = after(['한글한글한']);
  screen.resize(4, 9);
  expect(screen.textOf(0)).toBe('한글한글');
  expect(screen.grid.line(0).cells).toHaveLength(9);
});

test('what was said is what was written to the main screen', () => {
  const { screen, terminal } = after(['\x1b[31mone\x1b[m\r\ntwo']);
  expect(screen.takeSaid()).toBe('one\ntwo');
  terminal.write(', too long a line');
  expect(screen.takeSaid()).toBe(', too long a line');
  terminal.write('\x1b[?1049hdrawn\r\n');
  expect(screen.takeSaid()).toBe('');
});

test('of what was said the end waits, line feeds among it', () => {
  const { screen, terminal } = after(['\n'.repeat(5000)]);
  expect(screen.takeSaid()).toBe('\n'.repeat(4000));
  for (let each = 0; each < 5000; each++) terminal.write(`${each % 10}`);
  expect(screen.takeSaid()).toBe('0123456789'.repeat(400));
});
