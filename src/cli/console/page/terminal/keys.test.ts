import { expect, test } from '@jest/globals';
import { sentFor, sentForPaste } from './keys.ts';
import { drawn, runsOf } from './runs.ts';
import { withoutEcho } from './spoken.ts';
import { plainStyle, styleAfter } from './style.ts';

const key = (name: string, held = '') => ({
  key: name,
  ctrlKey: held.includes('c'),
  altKey: held.includes('a'),
  shiftKey: held.includes('s'),
  metaKey: held.includes('m'),
});

test.each([
  ['Enter', '', '\r'],
  ['Tab', '', '\t'],
  ['Tab', 's', '\x1b[Z'],
  ['Backspace', '', '\x7f'],
  ['Backspace', 'a', '\x1b\x7f'],
  ['Escape', '', '\x1b'],
  ['ArrowUp', '', '\x1b[A'],
  ['ArrowLeft', 'c', '\x1b[1;5D'],
  ['Home', '', '\x1b[H'],
  ['Delete', '', '\x1b[3~'],
  ['PageUp', '', '\x1b[5~'],
  ['F1', '', '\x1bOP'],
  ['F5', 's', '\x1b[15;2~'],
  ['c', 'c', '\x03'],
  ['[', 'c', '\x1b'],
  [' ', 'c', '\0'],
  ['b', 'a', '\x1bb'],
])('%s with %j held sends %j', (name, held, sent) => expect(sentFor(key(name, held), false)).toBe(sent));

test.each([
  ['a letter, which comes as text', 'x', ''],
  ['a copy', 'C', 'cs'],
  ['a paste', 'v', 'cs'],
  ['a paste on a Mac', 'v', 'm'],
  ['a character of AltGr', '@', 'ca'],
  ['a character of a Mac', 'å', 'a'],
  ['scrolling', 'PageUp', 's'],
  ['a key that is only held', 'Shift', 's'],
  ['one that the browser has', 'F11', ''],
])('%s is not sent as a key', (_, name, held) => expect(sentFor(key(name, held), false)).toBeUndefined());

test('a program that asks for it has cursor keys of its own', () => {
  expect(sentFor(key('ArrowUp'), true)).toBe('\x1bOA');
  expect(sentFor(key('ArrowUp', 's'), true)).toBe('\x1b[1;2A');
});

test('a paste cannot say itself that it has ended', () => {
  expect(sentForPaste('a\nb\r\nc', false)).toBe('a\rb\rc');
  expect(sentForPaste('ls\x1b[201~rm\n', true)).toBe('\x1b[200~ls[201~rm\r\x1b[201~');
});

test.each([
  ['ls\nfile\n', 'ls', '\nfile\n'],
  ['password: ', 'secret', 'password: '],
  ['42 for you', '', '42 for you'],
])('%j is said after %j was typed as %j', (said, typed, heard) =>
  expect(withoutEcho(said, typed)).toBe(heard),
);

test('a line is drawn in runs of the same look, wide characters alone, without its blank end', () => {
  const red = styleAfter(plainStyle, [[31]]);
  const again = styleAfter(plainStyle, [[31]]);
  const cell = (text: string, style = plainStyle, width: 0 | 1 | 2 = 1) => ({ text, width, style });
  const runs = runsOf([
    ...[cell('a'), cell('b', red), cell('c', again), cell('한', red, 2), cell('', red, 0), cell('d', red)],
    ...[cell(' '), cell(' ')],
  ]);
  expect(runs.map(({ text, isWide }) => [text, isWide])).toEqual([
    ['a', false],
    ['bc', false],
    ['한', true],
    ['d', false],
  ]);
  expect(runsOf([cell(' ', styleAfter(plainStyle, [[44]]))])).toHaveLength(1);
});

test('a colour reads only the numbers that are its own', () => {
  let read = 0;
  const each = new Proxy([38], {
    get: (target, key) => {
      read++;
      return Reflect.get(target, key);
    },
  });
  styleAfter(plainStyle, Array<number[]>(1000).fill(each));
  expect(read).toBeLessThan(10_000);
});

test.each([
  ['31', { color: 'var(--ansi-1)' }],
  ['97;104', { color: 'var(--ansi-15)', backgroundColor: 'var(--ansi-12)' }],
  ['38;5;196', { color: 'rgb(255,0,0)' }],
  ['48;5;250', { backgroundColor: 'rgb(188,188,188)' }],
  ['38;2;1;2;255', { color: '#0102ff' }],
  ['7', { color: 'var(--screen)', backgroundColor: 'var(--screen-text)' }],
  ['7;31', { color: 'var(--screen)', backgroundColor: 'var(--ansi-1)' }],
  ['4;9;1', { fontWeight: 'bold', textDecoration: 'underline line-through' }],
])('SGR %s is drawn as %j', (parameters, css) =>
  expect(
    drawn(
      styleAfter(
        plainStyle,
        parameters.split(';').map((each) => [Number(each)]),
      ),
    ),
  ).toEqual(css),
);
