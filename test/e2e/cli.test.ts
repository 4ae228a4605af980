import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { repository } from '../../examples/demo/server.ts';
import { runCli } from '../support/cli.ts';
import { execute, openPlane, type Plane } from '../support/plane.ts';
import { programs } from '../support/programs.ts';
import { until } from '../support/until.ts';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane('cli', {
    ...programs,
    talker: 'n=0; trap "exit 0" TERM; while :; do n=$((n+1)); echo "line $n"; sleep 0.1; done',
  });
  await plane.start('--stop-pods');
});
afterAll(() => plane.close());

const world = () => ({ env: { KUBECONFIG: plane.kubeconfig, HOME: plane.folder }, cwd: plane.folder });
const shallop = (...words: string[]) => runCli(words, world());
const done = async (...words: string[]) => {
  const said = await shallop(...words);
  expect({ words, ...said }).toMatchObject({ code: 0 });
  return said.stdout;
};

/** Runs a command that does not end by itself until what it says fits, then as after Ctrl-C. */
async function following(words: string[], enough: (text: string) => boolean, meanwhile = async () => {}) {
  const over = new AbortController();
  let text = '';
  const ended = runCli(words, {
    ...world(),
    signal: over.signal,
    heard: (more) => {
      text += more;
    },
  });
  await until('the first words', () => text !== '');
  await meanwhile();
  await until(`enough of ${words.join(' ')}`, () => enough(text));
  over.abort();
  return { text, code: (await ended).code };
}

const deployment = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: c, image: ${image}}]
`;

test('from apply to delete, with programs that run', async () => {
  writeFileSync(join(plane.folder, 'web.yaml'), deployment('talker'));
  expect(await done('apply', '-f', 'web.yaml')).toBe('deployment.apps/web created\n');
  const status = await done('rollout', 'status', 'deployment/web', '--timeout=90s');
  expect(status).toMatch(/deployment "web" successfully rolled out\n$/);
  const pods = (await done('get', 'pods', '-l', 'app=web', '-o', 'name')).trim().split('\n');
  expect(pods).toHaveLength(2);

  const pod = pods[0]!.replace('pod/', '');
  await until('it has talked', async () => (await done('logs', pod)).split('\n').length > 5);
  expect(await done('logs', pod, '--tail=2')).toMatch(/^line \d+\nline \d+\n$/);
  expect(await done('logs', pod, '--tail=1', '--timestamps')).toMatch(/^\d{4}-\d\d-\d\dT\S+Z line \d+\n$/);
  const prefixed = await done('logs', '-l', 'app=web', '--prefix', '--tail=1');
  expect(prefixed.trim().split('\n').sort()).toEqual(
    pods.map((name) => expect.stringMatching(new RegExp(`^\\[${name}/c\\] line \\d+$`))).sort(),
  );
  const followed = await following(['logs', pod, '-f', '--tail=1'], (text) => text.split('\n').length > 5);
  expect(followed).toMatchObject({ code: 130, text: expect.stringMatching(/^(line \d+\n){5,}/) });

  const watched = await following(
    ['get', 'pods', '-l', 'app=web', '-w'],
    (text) => /Terminating/.test(text) && (text.match(/Running/g)?.length ?? 0) > 2,
    async () => {
      expect(await done('delete', 'pod', pod)).toBe(`pod "${pod}" deleted from default namespace\n`);
      expect((await shallop('get', 'pod', pod)).stderr).toContain('not found');
    },
  );
  expect(watched.code).toBe(130);
  expect(watched.text.split('\n')[0]).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE$/);

  expect(await done('scale', 'deployment/web', '--replicas=0')).toBe('deployment.apps/web scaled\n');
  expect(await done('delete', '-f', 'web.yaml')).toBe(
    'deployment.apps "web" deleted from default namespace\n',
  );
});

test.each([
  [['ge'], ['get']],
  [
    ['rollout', 're'],
    ['restart', 'resume'],
  ],
  [['get', 'names'], ['namespaces']],
  [['get', 'ns', 'kube-s'], ['kube-system']],
  [['get', 'ns/kube-p'], ['ns/kube-public']],
  [['get', 'pods', '--outp'], ['--output']],
  [
    ['get', 'pods', '-o', 'j'],
    ['json', 'jsonpath='],
  ],
  [['get', 'pods', '--output=y'], ['--output=yaml']],
  [['get', 'pods', '-n', 'kube-n'], ['kube-node-lease']],
  [['completion', 'z'], ['zsh']],
  [['nonsense', ''], []],
])('%j completes to %j', async (words, expected) => {
  const found = (await done('__complete', '--', ...words)).split('\n').filter(Boolean);
  expect(found).toEqual(expect.arrayContaining(expected));
  const typed = words.at(-1)!;
  expect(found.every((word) => word.startsWith(words[words.length - 2] === '-o' ? 'j' : typed))).toBe(true);
});

test.each([
  ['shallop rollout re', 'restart resume'],
  ['shallop get pods --output=y', 'yaml'],
  ['shallop get ns kube-s', 'kube-system'],
  ['shallop completion ', 'bash fish zsh'],
])('bash completes %j to %j', async (line, expected) => {
  const bin = join(plane.folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const command = join(bin, 'shallop');
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${repository}/bin/shallop.js" "$@"\n`);
  chmodSync(command, 0o755);
  const script = `source <(shallop completion bash); COMP_LINE=$1; COMP_POINT=\${#1}; _shallop; echo "\${COMPREPLY[@]}"`;
  const env = { ...process.env, ...world().env, PATH: `${bin}:${process.env.PATH}` };
  expect(await execute('bash', ['-c', script, 'bash', line], env)).toMatchObject({ stdout: `${expected}\n` });
});

test('every shell takes its script', async () => {
  for (const shell of ['bash', 'zsh', 'fish'])
    expect(await done('completion', shell)).toContain('shallop __complete');
});

test('a logical cluster is chosen by its name', async () => {
  await plane.shallop('cluster', 'create', 'other', '--kubeconfig', plane.kubeconfig);
  expect(await done('get', 'pods', '-A', '--cluster', 'other', '-o', 'name')).toBe('');
  expect(await done('cluster-info', '--cluster', 'other')).toContain('/clusters/other\n');
});

test('a server that does not run is named, with what to do', async () => {
  await plane.stop();
  const said = await shallop('get', 'pods');
  expect(said).toMatchObject({ code: 1, stdout: '' });
  expect(said.stderr).toMatch(
    /^The connection to the server 127\.0\.0\.1:\d+ was refused - did you specify the right host or port\?\n.*'shallop up'/,
  );
});
