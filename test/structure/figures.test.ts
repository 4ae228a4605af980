import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { chartOf } from '../../tools/chart.ts';
import { chart, drawnFigures, withFigures } from '../../tools/figures.ts';
import { root } from '../../tools/structure/sources.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const bench = read('docs/bench.md');

test("README's table and chart are what `npm run update` makes of docs/bench.md", () => {
  expect(read('README.md')).toBe(withFigures(read('README.md'), bench));
  expect(read('README.md')).toContain(`](${chart})`);
  expect(read(chart)).toBe(drawnFigures(bench));
});

test('bars are as long as their figures, and say which is better and by how much', () => {
  const bars = [
    { what: 'create <x>', unit: '/s', ours: 3000, theirs: 1000, moreIsBetter: true },
    { what: 'ready', unit: 's', ours: 0.5, theirs: 2, moreIsBetter: false },
    { what: 'idle', unit: '%', ours: 0, theirs: 1, moreIsBetter: false },
  ];
  const drawn = chartOf(bars, 'another & more', 'today');
  const widths = [...drawn.matchAll(/class="([ot])" x="330"[^>]* width="(\d+)"/g)].map(
    ([, whose, long]) => `${whose} ${long}`,
  );
  expect(widths).toEqual(['o 370', 't 123', 'o 93', 't 370', 'o 1', 't 370']);
  for (const text of [
    'create &lt;x&gt;',
    'more is better: 3.0 ×',
    'less is better: 4.0 ×',
    'less is better<',
    '3,000 /s',
  ])
    expect(drawn).toContain(text);
});
