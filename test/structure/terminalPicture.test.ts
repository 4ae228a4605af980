import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from '../../tools/structure/sources.ts';
import { draw, type Line, playedAt } from '../../tools/terminalPicture.ts';

const line = (text: string, atMs: number, isCommand = false): Line => ({ text, atMs, isCommand });
const said = [line('wait', 0, true), line('a <b>', 100), line('c', 60_100), line('end', 60_200, true)];

test('lines play when they were said, commands take their time, and nobody waits for a minute', () => {
  expect(playedAt(said)).toEqual([0, 100 + 4 * 45, 280 + 1500, 1780 + 100 + 700]);
});

test('each line of the picture has its moment, and all are there at once for those who want less motion', () => {
  const picture = draw(said);
  expect([...picture.matchAll(/animation-delay:(\d+)ms/g)].map(([, ms]) => Number(ms))).toEqual(
    playedAt(said),
  );
  expect(picture).toContain('a &lt;b&gt;</text>');
  expect(picture).toMatch(/@media \(prefers-reduced-motion:reduce\)\{text\{animation:none\}\}/);
});

test('the picture of README plays, from its first command to its last', () => {
  const picture = readFileSync(join(root, 'docs/images/terminal.svg'), 'utf8');
  const delays = [...picture.matchAll(/<text [^>]*animation-delay:(\d+)ms/g)].map(([, ms]) => Number(ms));
  expect(delays).toHaveLength([...picture.matchAll(/<text /g)].length);
  expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  expect(delays.at(-1)).toBeGreaterThan(5_000);
  const commands = [...picture.matchAll(/<\/tspan>(.*?)<\/text>/g)].map(([, text]) => text);
  expect([commands[0], commands.at(-1)]).toEqual(['shallop up &amp;', 'shallop down']);
});
