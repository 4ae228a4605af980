import { expect, test } from '@jest/globals';
import { ConfigError, type PodContext } from './context.ts';
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
  ['lines that end as on Windows', "# x\r\n\r\nB='2'\r\nA='1\r\n2' # one\r\nC='3'", '1\n2'],
  ['a last line that ends so half', "A=''\r", undefined],
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

type FileText = PodContext['fileText'];

const contextWith = (fileText: FileText): PodContext => ({
  ref: { cluster: 'default', namespace: 'ns', name: 'p', uid: 'u' },
  pod: { metadata: {}, spec: { containers: [], enableServiceLinks: false } },
  sources: {
    configMap: async () => undefined,
    secret: async () => undefined,
    services: async () => [],
  } as never,
  ...{ podIP: '10.0.0.1', hostIP: '10.0.0.2', allocatable: {} },
  ...(fileText && { fileText }),
});

const envOf = (fileText: FileText, optional = false) =>
  resolveEnv(
    {
      name: 'c',
      env: [
        { name: 'A', valueFrom: { fileKeyRef: { volumeName: 'data', path: 'x.env', key: 'K', optional } } },
      ],
    },
    contextWith(fileText),
  );

test('a variable comes from a file of a volume', async () => {
  expect(await envOf(async (volume, path) => `K='${volume}/${path}'`)).toMatchObject({ A: 'data/x.env' });
});

test('a file is read once for all variables from it, and again for the next container', async () => {
  const read: string[] = [];
  const from = (path: string, name: string) => ({
    name,
    valueFrom: { fileKeyRef: { volumeName: 'data', path, key: 'K' } },
  });
  const env = [from('x.env', 'A'), from('x.env', 'B'), from('y.env', 'C')];
  const context = contextWith(async (_, path) => {
    read.push(path);
    return "K='1'";
  });
  for (const name of ['c', 'd'])
    expect(await resolveEnv({ name, env }, context)).toMatchObject({ A: '1', B: '1', C: '1' });
  expect(read).toEqual(['x.env', 'y.env', 'x.env', 'y.env']);
});

test('what is optional may be missing', async () => {
  expect(await envOf(async () => undefined, true)).not.toHaveProperty('A');
});

test.each([
  ['the file is missing', async () => undefined, 'environment variable key "K" not found in file "x.env"'],
  ['the file is none of variables', async () => 'nonsense', "couldn't parse env file"],
  ['nobody can look into volumes', undefined, 'cannot find the volume "data" referenced by FileKeyRef'],
])('the container waits where %s', async (_, fileText, message) => {
  await expect(envOf(fileText)).rejects.toThrow(new ConfigError(message));
});
