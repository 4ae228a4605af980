import { expect, test } from '@jest/globals';
import { apiserverFlags } from './apiserver.ts';
import { etcdFlags } from './etcd.ts';
import { helpOf, parseFlags } from './flags.ts';
import { goWords, pflagWords } from './words.ts';

test('values come after = or as the next word, booleans only after =', () => {
  const words = ['--secure-port', '1', '--cert-dir=a=b', '--allow-privileged', '--profiling=F', '-v=2'];
  const given = parseFlags(words, apiserverFlags, pflagWords);
  expect(given.text('secure-port')).toBe('1');
  expect(given.text('cert-dir')).toBe('a=b');
  expect(given.text('v')).toBe('2');
  expect(given.isTrue('allow-privileged', false)).toBe(true);
  expect(given.isTrue('profiling', true)).toBe(false);
  expect(given.isTrue('anonymous-auth', true)).toBe(true);
});

test('lists are given with commas or several times, and the last of other values counts', () => {
  const words = ['--enable-admission-plugins=A,B', '--enable-admission-plugins', 'C', '--v=1', '--v=2'];
  const given = parseFlags(words, apiserverFlags, pflagWords);
  expect(given.list('enable-admission-plugins')).toEqual(['A', 'B', 'C']);
  expect(given.text('v')).toBe('2');
  expect(given.list('etcd-servers')).toEqual([]);
});

test.each([
  { words: ['--nope=1'], says: 'unknown flag: --nope' },
  { words: ['--constructor'], says: 'unknown flag: --constructor' },
  { words: ['-x'], says: "unknown shorthand flag: 'x' in -x" },
  { words: ['--=x'], says: 'bad flag syntax: --' },
  { words: ['--secure-port'], says: 'flag needs an argument: --secure-port' },
  {
    words: ['--allow-privileged=maybe'],
    says: 'invalid argument "maybe" for "--allow-privileged" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
  },
  { words: ['a', 'b'], says: '"kube-apiserver" does not take any arguments, got ["a" "b"]' },
])('kube-apiserver $words is refused in its words', ({ words, says }) => {
  expect(() => parseFlags(words, apiserverFlags, pflagWords)).toThrow(says);
});

test.each([
  { words: ['--nope'], says: 'flag provided but not defined: -nope' },
  { words: ['-data-dir'], says: 'flag needs an argument: -data-dir' },
  {
    words: ['--unsafe-no-fsync=maybe'],
    says: 'invalid boolean value "maybe" for -unsafe-no-fsync: parse error',
  },
  { words: ['extra'], says: '"extra" is not a valid flag' },
])('etcd $words is refused in its words', ({ words, says }) => {
  expect(() => parseFlags(words, etcdFlags, goWords)).toThrow(says);
});

test('the help has each flag at the beginning of a line', () => {
  expect(helpOf(etcdFlags)).toMatch(/^\s*--unsafe-no-fsync\b/m);
  expect(helpOf(apiserverFlags)).not.toMatch(/^\s*--insecure-port\b/m);
});
