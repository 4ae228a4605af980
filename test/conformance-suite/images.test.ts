import { expect, test } from '@jest/globals';
import { imagesOf } from '../../tools/conformance-suite/archive.ts';

test('names of one folder, entrypoint and command are one image', () => {
  const table = ['a:1\tagnhost\t["/x"]\t[]', 'a:2\tagnhost\t["/x"]\t[]', 'b\tagnhost\t[]\t["sh"]', ''].join(
    '\n',
  );
  expect(imagesOf(table)).toEqual([
    { folder: 'agnhost', names: ['a:1', 'a:2'], entrypoint: ['/x'], command: [] },
    { folder: 'agnhost', names: ['b'], entrypoint: [], command: ['sh'] },
  ]);
});

test('a line that lacks a column is named', () => {
  expect(() => imagesOf('a:1\tagnhost\t[]')).toThrow('images.tsv: a:1');
});
