import { afterEach, expect, test } from '@jest/globals';
import { openYamlParser, type YamlParser } from './index.ts';

let parser: YamlParser | undefined;
afterEach(() => parser?.close());

/** Longer than what is parsed at once. */
const padding = `# ${'x'.repeat(20_000)}\n`;

test('A5: large texts are parsed elsewhere, in turn, to the same values', async () => {
  parser = openYamlParser();
  const texts = [`${padding}a: 1\nb: [y, 3546343826724305832]\na: 2\n`, `${padding}c: text\n`, 'd: short'];
  const [first, second, third] = await Promise.all(texts.map((text) => parser!.parse(text)));
  expect(first).toEqual({
    value: { a: 2, b: [true, 3546343826724305832n] },
    repeated: ['line 4: key "a" already set in map'],
  });
  expect([second!.value, third!.value]).toEqual([{ c: 'text' }, { d: 'short' }]);
}, 60_000);

test('A5: while a large text is parsed, the loop turns', async () => {
  parser = openYamlParser();
  let turns = 0;
  let isDone = false;
  const turn = () => {
    turns++;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await expect(parser.parse('['.repeat(3_000_000))).rejects.toThrow('yaml: exceeded max depth of 500');
  isDone = true;
  expect(turns).toBeGreaterThan(10);
}, 60_000);

test('A5: a text over its budget of time is refused, and the next one is parsed', async () => {
  parser = openYamlParser(1);
  await expect(parser.parse(`${padding}a: 1\n`)).rejects.toThrow('yaml: parsing takes too long');
  expect((await parser.parse('a: 1')).value).toEqual({ a: 1 });
}, 60_000);
