import { expect, test } from '@jest/globals';
import { fileSpec, prefixOf } from './filespec.ts';

test.each([
  ['file', { path: 'file' }],
  ['./folder/', { path: './folder' }],
  ['/', { path: '/' }],
  ['web:/etc', { pod: 'web', path: '/etc' }],
  ['team/web:etc/', { pod: 'web', namespace: 'team', path: 'etc' }],
  ['web:C:\\logs', { pod: 'web', path: 'C:/logs' }],
  ['web:', { pod: 'web', path: '' }],
])('%j is %j', (word, spec) => expect(fileSpec(word)).toEqual(spec));

test.each([':x', 'a/b/c:x'])('%j is no end of a copy', (word) =>
  expect(() => fileSpec(word)).toThrow('filespec must match the canonical format'),
);

test.each([
  ['/var/log/', 'var/log'],
  ['../../etc', 'etc'],
  ['/a/../../b', 'b'],
  ['.', ''],
  ['..', ''],
  ['./a', 'a'],
])('names of what tar finds at %j begin with %j', (path, prefix) => expect(prefixOf(path)).toBe(prefix));
