import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand } from './command.ts';
import { verbs } from './verbs/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shallop-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a command line in an empty world. */
async function shallop(...words: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(words, {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    write: (chunk) => void out.push(String(chunk)),
    writeError: () => {},
    openInput: () => ({ chunks: Readable.from([]), close: () => {} }),
    input: async () => '',
    env: { SHALLOP_DATA_DIR: join(folder, 'data'), KUBECONFIG: join(folder, 'kubeconfig') },
    cwd: folder,
    confirm: async () => false,
    interrupted: new AbortController().signal,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('help', () => {
  test('of everything is as in testdata/help.txt', async () => {
    const pages = [(await shallop('help')).out];
    for (const name of Object.keys(verbs)) pages.push((await shallop(name, '--help')).out);
    const text = `${pages.join('\n\n----\n\n')}\n`;
    const golden = new URL('testdata/help.txt', import.meta.url);
    if (process.env.UPDATE_GOLDEN) await writeFile(golden, text);
    expect(text).toBe(await readFile(golden, 'utf8'));
  });
  test.each(Object.keys(verbs))('help %s and %s --help are the same', async (name) => {
    expect(await shallop('help', name)).toEqual(await shallop(name, '-h'));
  });
});

test.each([
  [['nonsense'], 'unknown command "nonsense"'],
  [['up', '--nonsense'], 'Unknown option'],
  [['up', 'extra'], "up takes no arguments, not 'extra'"],
  [['taint', 'web', '-it'], 'kubectl taint web -it'],
  [['strat'], 'did you mean "up"?'],
  [['gte'], 'did you mean "get"?'],
  [['stauts'], 'did you mean "status"?'],
  [['autoscael'], 'did you mean "kubectl autoscale"?'],
  [['status', '-o', 'wide'], '--output must be json or yaml, not wide'],
  [['image'], 'image needs one of load, add, list, remove, prune'],
  [['image', 'add', 'x'], 'image add takes a NAME and a FOLDER'],
  [['cluster', 'create'], 'cluster create takes a NAME'],
])('C7: %j is a wrong call: exit code 2', async (words, message) => {
  const { code, err } = await shallop(...words);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
});

test.each([
  [['up', '--port', 'x'], '--port must be a port number, not x'],
  [['up', '--runtime', 'x'], '--runtime must be one of auto, native, engine, process, fake, not x'],
  [['up', '--bind', '0.0.0.0'], 'so it does not serve on 0.0.0.0'],
  [['cluster', 'list'], "start one with 'shallop up'"],
])('%j fails with a reason: exit code 1', async (words, message) => {
  const { code, err } = await shallop(...words);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) });
});

test('nothing runs: down and reset say so', async () => {
  expect(await shallop('down')).toMatchObject({ code: 0, out: expect.stringContaining('nothing runs') });
  expect(await shallop('reset', '--yes')).toMatchObject({
    code: 0,
    out: expect.stringContaining('there is no'),
  });
  expect(await shallop('reset')).toMatchObject({
    code: 1,
    err: expect.stringContaining('nothing was deleted'),
  });
});
