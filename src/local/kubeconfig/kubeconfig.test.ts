import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { kubeconfigText, mergeKubeconfig, removeFromKubeconfig } from './index.ts';

const access = {
  context: 'shallop',
  server: 'https://127.0.0.1:6443',
  ca: 'CA',
  admin: { certificate: 'CERT', key: 'KEY' },
};
const theirs = `# my clusters
apiVersion: v1
kind: Config
clusters:
- name: work # do not touch
  cluster: {server: "https://work"}
contexts:
- name: work
  context: {cluster: work, user: me}
users: []
current-context: work
`;
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-kubeconfig-'));
  file = join(folder, 'config');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a context is added to what is there, and nothing else changes', async () => {
  writeFileSync(file, theirs);
  await mergeKubeconfig(file, access);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('# my clusters');
  expect(text).toContain('# do not touch');
  const config = parse(text);
  expect(config['current-context']).toBe('work');
  expect(config.clusters.map(({ name }: { name: string }) => name)).toEqual(['work', 'shallop']);
  expect(config.contexts[0]).toEqual({ name: 'work', context: { cluster: 'work', user: 'me' } });

  await mergeKubeconfig(file, { ...access, server: 'https://127.0.0.1:7000' }, true);
  const again = parse(readFileSync(file, 'utf8'));
  expect(again.clusters).toHaveLength(2);
  expect(again.clusters[1].cluster.server).toBe('https://127.0.0.1:7000');
  expect(again['current-context']).toBe('shallop');
});

test('taking it out leaves what was there before', async () => {
  writeFileSync(file, theirs);
  await mergeKubeconfig(file, access);
  expect(await removeFromKubeconfig(file, 'shallop')).toBe(true);
  expect(parse(readFileSync(file, 'utf8'))).toEqual(parse(theirs));
  expect(await removeFromKubeconfig(file, 'shallop')).toBe(false);
});

test('a new file is private and selects the context; a broken one is refused and kept', async () => {
  await mergeKubeconfig(file, access);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(parse(readFileSync(file, 'utf8'))).toEqual(parse(kubeconfigText(access)));
  writeFileSync(file, 'a: [');
  await expect(mergeKubeconfig(file, access)).rejects.toThrow('nothing was changed');
  expect(readFileSync(file, 'utf8')).toBe('a: [');
});
