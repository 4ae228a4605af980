import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isWindows } from '../../../test/support/needs.ts';
import type { Connection } from './connection.ts';
import { servedBy } from './served.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'shallop-served-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const folder = () => join(home, '.kube', 'cache', 'shallop');
const hour = 3600 * 1000;

/** A command on a server that has one resource, and how often it asked. */
function command(plural: string, options: Partial<Parameters<typeof servedBy>[1]> = {}) {
  const asked: string[] = [];
  const items = [
    {
      metadata: { name: '' },
      versions: [{ version: 'v1', resources: [{ resource: plural, scope: 'Cluster' }] }],
    },
  ];
  const json = async ({ path }: { path: string }) => {
    asked.push(path);
    return path === '/api'
      ? { kind: 'APIGroupDiscoveryList', items }
      : { kind: 'APIGroupDiscoveryList', items: [] };
  };
  const served = servedBy({ json } as unknown as Connection, {
    endpoint: { server: 'https://here:6443', ca: 'CA' },
    env: { HOME: home },
    now: () => 10 * hour,
    mayRecall: true,
    ...options,
  });
  const plurals = async () => (await served.resources()).map((each) => each.plural);
  return { served, asked, plurals };
}

test('what one command was told, the next need not ask', async () => {
  const [first, second] = [command('a'), command('b')];
  expect(await first.plurals()).toEqual(['a']);
  expect(await second.plurals()).toEqual(['a']);
  expect([first.asked, second.asked]).toEqual([['/api', '/apis'], []]);
  if (!isWindows) expect(statSync(join(folder(), 'here_6443.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder())).toEqual(['here_6443.json']);
});

test('anew asks where an earlier answer was taken, once, and that is what the next command takes', async () => {
  await command('a').plurals();
  const second = command('b');
  expect(await second.plurals()).toEqual(['a']);
  expect((await second.served.anew())?.map(({ plural }) => plural)).toEqual(['b']);
  expect(await second.plurals()).toEqual(['b']);
  expect(second.served.anew()).toBeUndefined();
  expect(await command('c').plurals()).toEqual(['b']);
});

test('anew of what was asked just now is nothing', async () => {
  const first = command('a');
  await first.plurals();
  expect(first.served.anew()).toBeUndefined();
});

test.each<[string, Parameters<typeof command>[1]]>([
  ['a command that may not', { mayRecall: false }],
  ['another authority at the same address', { endpoint: { server: 'https://here:6443', ca: 'another' } }],
  [
    'another cluster behind the same address',
    { endpoint: { server: 'https://here:6443/clusters/b', ca: 'CA' } },
  ],
  ['six hours later', { now: () => 16 * hour }],
  ['a clock that went back', { now: () => 9 * hour }],
  ['another home', { env: {} }],
])('%s asks', async (_, options) => {
  await command('a').plurals();
  const second = command('b', options);
  expect(await second.plurals()).toEqual(['b']);
  expect(second.served.anew()).toBeUndefined();
});

test.each([
  ['without TLS', { server: 'http://here:8001' }],
  ['whose certificate nobody looks at', { server: 'https://here:6443', insecure: true }],
])('nothing is kept of a server %s: it may be another one tomorrow', async (_, endpoint) => {
  await command('a', { endpoint }).plurals();
  expect(await command('b', { endpoint }).plurals()).toEqual(['b']);
  expect(readdirSync(home)).toEqual([]);
});

test('a file that is broken, and a folder that cannot be written, cost a question and nothing else', async () => {
  await command('a').plurals();
  writeFileSync(join(folder(), 'here_6443.json'), '{');
  expect(await command('b').plurals()).toEqual(['b']);
  const file = join(home, 'file');
  writeFileSync(file, '');
  expect(await command('c', { env: { KUBECACHEDIR: file } }).plurals()).toEqual(['c']);
});

test('a home that is not there is not made', async () => {
  const nowhere = join(home, 'nowhere');
  expect(await command('a', { env: { HOME: nowhere } }).plurals()).toEqual(['a']);
  expect(existsSync(nowhere)).toBe(false);
});
