import { expect, test } from '@jest/globals';
import { Screen } from '../../tools/clients/terminal/screen.ts';

test.each<[string, string[], string[]]>([
  ['text and new lines', ['ab\r\ncd'], ['ab', 'cd', '']],
  ['a place by row and column', ['\x1b[2;3Hx'], ['', '  x', '']],
  ['the beginning without numbers', ['ab\x1b[Hx'], ['xb', '', '']],
  ['columns and rows alone', ['\x1b[3dx\x1b[1Gy'], ['', '', 'y']],
  ['steps in each direction', ['\x1b[B\x1b[2Cx\x1b[2D\x1b[Ay'], [' y', '  x', '']],
  ['a cleared screen', ['abc\x1b[2Jd'], ['   d', '', '']],
  ['what follows cleared', ['abc\r\ndef\x1b[1;2H\x1b[J'], ['a', '', '']],
  ['the rest of a line cleared', ['abc\x1b[1;2H\x1b[K'], ['a', '', '']],
  ['some characters erased', ['abc\x1b[1;1H\x1b[2X'], ['  c', '', '']],
  [
    'colours, titles and modes left out',
    ['\x1b[1;31ma\x1b[0m\x1b]0;title\x07\x1b[?25lb\x1b(Bc'],
    ['abc', '', ''],
  ],
  ['a sequence that comes in parts', ['a\x1b[', '2;1', 'Hb'], ['a', 'b', '']],
  ['characters of several units', ['🐳a'], ['🐳a', '', '']],
  ['nothing beyond the edges', ['\x1b[9;9Hx\x1b[1;6Hyz'], ['     y', '', '']],
])('a screen shows %s', (_what, outputs, wanted) => {
  const screen = new Screen(3, 6);
  for (const output of outputs) screen.write(output);
  expect(screen.text.split('\n')).toEqual(wanted);
});
