import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { openUnnamed } from './open.ts';

test('the browser is sent to a file that only the user can read, and the address is nowhere else', () => {
  let opened = '';
  const remove = openUnnamed(
    'http://127.0.0.1:1/hidden/?token=word',
    (address) => {
      opened = address;
    },
    (warning) => expect(warning).toBe(undefined),
  );
  expect(opened).not.toContain('word');
  const file = fileURLToPath(opened);
  expect(readFileSync(file, 'utf8')).toContain('url=http://127.0.0.1:1/hidden/?token=word"');
  if (process.platform !== 'win32')
    expect([file, dirname(file)].map((path) => statSync(path).mode & 0o077)).toEqual([0, 0]);
  remove();
  expect(existsSync(dirname(file))).toBe(false);
});

test('where nothing can be opened it warns, and the console goes on', () => {
  const warned: string[] = [];
  let opened = '';
  const remove = openUnnamed(
    'http://127.0.0.1:1/hidden/?token=word',
    (address) => {
      opened = address;
      throw new Error('no room');
    },
    (warning) => warned.push(warning),
  );
  expect(warned).toEqual(['warning: open the address yourself: no room']);
  remove();
  expect(existsSync(dirname(fileURLToPath(opened)))).toBe(false);
});
