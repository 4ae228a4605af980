import { expect, test } from '@jest/globals';
import { isDrawn, paintLead, paintOn } from './paint.ts';

const terminal = { isTTY: true };

test.each([
  ['a terminal', terminal, {}, '\u001b[31mno\u001b[0m'],
  ['a pipe', {}, {}, 'no'],
  ['NO_COLOR', terminal, { NO_COLOR: '1' }, 'no'],
  ['an empty NO_COLOR, which says nothing', terminal, { NO_COLOR: '' }, '\u001b[31mno\u001b[0m'],
  ['a terminal that knows none', terminal, { TERM: 'dumb' }, 'no'],
])('%s', (_, stream, env, painted) => {
  expect(paintOn(stream, env)('red', 'no')).toBe(painted);
});

test('progress is drawn for who wants no colours, and nowhere else than on a terminal that can', () => {
  expect(isDrawn(terminal, { TERM: 'xterm', NO_COLOR: '1' })).toBe(true);
  expect(isDrawn(terminal, { TERM: 'dumb' })).toBe(false);
  expect(isDrawn({}, {})).toBe(false);
});

test('only the word that a line begins with is painted', () => {
  const paint = (colour: string, text: string) => `<${colour} ${text}>`;
  expect(paintLead('error: a Warning: b', paint)).toBe('<red error:> a Warning: b');
  expect(paintLead('Error from server (NotFound): x', paint)).toBe('<red Error from server (NotFound):> x');
  expect(paintLead('Warning: x', paint)).toBe('<yellow Warning:> x');
  expect(paintLead('no error: x', paint)).toBe('no error: x');
});
