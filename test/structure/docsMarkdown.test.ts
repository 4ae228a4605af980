import { expect, test } from '@jest/globals';
import { anchorsIn, linksIn, titleOf } from '../../tools/docs/markdown.ts';

test.each<[string, string, string[]]>([
  ['links of a line', 'see [a](b.md) and [c](d.md#e)', ['b.md', 'd.md#e']],
  ['a link whose words are code with brackets', '[`list[0]`](a.md)', ['a.md']],
  ['a picture within a link', '[![words](p.png)](a.md)', ['a.md', 'p.png']],
  [
    'a picture by HTML, light and dark',
    '<source srcset="dark.png">\n<img src="light.png">',
    ['dark.png', 'light.png'],
  ],
  ['what looks like one in code', '`[a](b)` and\n```\n[c](d)\n```\nand [e](f)', ['f']],
  ['a link over two lines', '[two\nlines](a.md)', ['a.md']],
])('%s', (_what, text, targets) => expect(linksIn(text).map(({ target }) => target)).toEqual(targets));

test('headings have the names that GitHub gives them', () => {
  const text =
    '# `shallop up`: why?\n## A [link](x) & more\n## 1. 구성 요소\n## Why\n## Why\n```sh\n# no heading\n```\n';
  expect(anchorsIn(text)).toEqual(['shallop-up-why', 'a-link--more', '1-구성-요소', 'why', 'why-1']);
  expect(titleOf(text)).toBe('shallop up: why?');
});
