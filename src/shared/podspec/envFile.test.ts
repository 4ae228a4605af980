import { expect, test } from '@jest/globals';
import { ConfigError } from './context.ts';
import { resolveEnv } from './env.ts';
import { envFileValue } from './envFile.ts';

test.each<[string, string, string | undefined]>([
  ['a value in quotes', "A='1'", '1'],
  ['spaces before the name', " \tA='1'", '1'],
  ['a comment behind, and lines of comment before', "# x\n\nB='2'\nA='1' # one", '1'],
  ['a value of several lines', "B='x\ny'\nA='1\n2\n'", '1\n2\n'],
  ['nothing is expanded', `A='$B "\\n"'`, '$B "\\n"'],
  ['the first of a name', "A='1'\nA='2'", '1'],
  ['a space behind the equals sign', "A= '1'", undefined],
  ['an empty value', "A=''", undefined],
  ['no such name', "B='2'", undefined],
  ['what is wrong after it', "A='1'\nnonsense", '1'],
])('%s', (_, text, value) => {
  expect(envFileValue(text, 'A')).toBe(value);
});

test.each([
  ['nonsense', "line 1: missing '='"],
  ["B='2'\n='1'", 'line 2: empty variable name'],
  ["A ='1'", "line 1: whitespace before '=' is not allowed"],
  ['A=1', 'line 1: value must be enclosed in single quotes'],
  ["A='1'2", 'line 1: unexpected content after closing quote'],
])('%j is refused', (text, why) => {
  expect(() => envFileValue(text, 'A')).toThrow(`invalid environment variable format at ${why}`);
});

test('a quote that is not closed is told by the line it began in', () => {
  expect(() => envFileValue("B='2'\nA='1\n\n", 'A')).toThrow('starting at line 2: unclosed single quote');
});

const envOf = (
  fileText: ((volume: string, path: string) => Promise<string | undefined>) | undefined,
  optional = false,
) =>
  resolveEnv(
    {
      name: 'c',
      env: [
        { name: 'A', valueFrom: { fileKeyRef: { volumeName: 'data', path: 'x.env', key: 'K', optional } } },
      ],
    },
    {
      ref: { cluster: 'default', namespace: 'ns', name: 'p', uid: 'u' },
      pod: { metadata: {}, spec: { containers: [], enableServiceLinks: false } },
      sources: {
        configMap: async () => undefined,
        secret: async () => undefined,
        services: async () => [],
      } as never,
      ...{ podIP: '10.0.0.1', hostIP: '10.0.0.2', allocatable: {} },
      ...(fileText && { fileText }),
    },
  );

test('a variable comes from a file of a volume', async () => {
  expect(await envOf(async (volume, path) => `K='${volume}/${path}'`)).toMatchObject({ A: 'data/x.env' });
});

test('what is optional may be missing', async () => {
  expect(await envOf(async () => undefined, true)).not.toHaveProperty('A');
});

test.each([
  [
    'the file is missing',
    async () => undefined,
    'couldn\'t find environment variable key "K" in file "x.env"',
  ],
  ['the file is none of variables', async () => 'nonsense', "couldn't parse env file"],
  ['nobody can look into volumes', undefined, 'cannot find the volume "data" referenced by FileKeyRef'],
])('the container waits where %s', async (_, fileText, message) => {
  await expect(envOf(fileText)).rejects.toThrow(new ConfigError(message));
});
