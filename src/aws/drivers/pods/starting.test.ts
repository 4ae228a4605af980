import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { podOf, settings } from '../../../../test/support/aws/fakeEcsWorld.ts';
import { fillVolumes, programOf } from '../../../../test/support/aws/projector.ts';
import { isInstalled, needs, notLinux, noWget } from '../../../../test/support/needs.ts';
import { until } from '../../../../test/support/until.ts';
import type { Container, Pod, PodSpec } from '../../../shared/kinds/schema/types.ts';
import type { PodSources } from '../../../shared/ports/cloud.ts';
import { viewsOf } from './context.ts';
import { type Blueprint, blueprintOf } from './definition.ts';

const sources: PodSources = {
  configMap: async (name) => ({
    metadata: { name },
    data: { 'app.conf': 'x=1', 'web-1.conf': 'mine', 'web-2.conf': 'yours' },
  }),
  secret: async (name) => ({ metadata: { name, uid: name }, data: { pass: 'aGk=' } }),
  services: async () => [],
  token: async () => 'token',
  clusterCa: () => 'PEM',
};
const vault = { find: async ({ name }: { name: string }) => ({ arn: `arn:secret:${name}` }) };
const build = (pod: Pod, name = 'web-1') =>
  blueprintOf(
    viewsOf({ cluster: 'default', namespace: 'ns', name, uid: `uid-of-${name}` }, pod, sources, {
      secrets: vault,
    }),
    settings,
  );
const one = (container: Partial<Container>, more: Partial<PodSpec> = {}) =>
  podOf({ containers: [{ name: 'c', image: 'app', ...container }], ...more });
const containerIn = ({ definition }: Blueprint, name = 'c') =>
  definition.containerDefinitions?.find((each) => each.name === name);
const fieldOf = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
const conf = { name: 'v', configMap: { name: 'cm' } };

test('what needs nothing before its program is started by ECS alone', async () => {
  const blueprint = await build(one({ command: ['app'], args: ['-v'] }));
  expect(blueprint.definition.volumes).toEqual([]);
  expect(containerIn(blueprint)).toMatchObject({ entryPoint: ['app'], command: ['-v'], mountPoints: [] });
});

test('siblings share the definition, whatever is put before their programs', async () => {
  const pod = one(
    {
      command: ['app', '--on=$(IP)', '--as=$(ME)'],
      env: [
        { name: 'IP', ...fieldOf('status.podIP') },
        { name: 'ME', ...fieldOf('metadata.name') },
      ],
      volumeMounts: [{ name: 'v', mountPath: '/etc/app/app.conf', subPathExpr: '$(ME).conf' }],
      lifecycle: { preStop: { exec: { command: ['drain'] } } },
    },
    { volumes: [conf] },
  );
  const [a, b] = [await build(pod), await build(pod, 'web-2')];
  expect(a.definition).toEqual(b.definition);
  expect(a.overrides).not.toEqual(b.overrides);
});

test.each<[string, Partial<Container>, string]>([
  [
    'an address in its environment',
    { env: [{ name: 'IP', ...fieldOf('status.podIP') }] },
    'env IP holds the address of the Pod, which is not known before a task starts on Fargate, and nothing can be put before a program that the image alone names: name it in the command of container "c"',
  ],
  [
    'a single file',
    { volumeMounts: [{ name: 'v', mountPath: '/etc/app.conf', subPath: 'app.conf' }] },
    'volumeMount "/etc/app.conf" is a single file, which ECS cannot mount, and nothing can be put before',
  ],
  [
    'a file in a root file system that nobody may write to',
    {
      command: ['app'],
      securityContext: { readOnlyRootFilesystem: true },
      volumeMounts: [{ name: 'v', mountPath: '/etc/app.conf', subPath: 'app.conf' }],
    },
    'which on Fargate is put into the root file system, and that is read-only',
  ],
  [
    'a variable that a shell cannot say',
    { command: ['app'], env: [{ name: 'net.host', ...fieldOf('status.hostIP') }] },
    'env net.host: on Fargate a variable with the address of the Pod needs a name of letters',
  ],
  [
    'a part whose variable is empty',
    { volumeMounts: [{ name: 'v', mountPath: '/x', subPathExpr: '$(NONE)' }] },
    'missing value for NONE',
  ],
  [
    'a part named by a Secret',
    {
      env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 's', key: 'pass' } } }],
      volumeMounts: [{ name: 'v', mountPath: '/x', subPathExpr: '$(P)' }],
    },
    'volumeMount "/x": on Fargate $(P) can hold neither a Secret nor the address of the Pod',
  ],
])('%s keeps a Pod waiting that cannot have it, saying the way out', async (_, container, message) => {
  await expect(build(one(container, { volumes: [conf] }))).rejects.toThrow(message);
});

test('a folder of a volume of files is a volume, whatever else is mounted of it', async () => {
  const items = [
    { key: 'app.conf', path: 'etc/app.conf' },
    { key: 'web-1.conf', path: 'etc/deep/me.conf' },
    { key: 'web-2.conf', path: 'other' },
  ];
  const blueprint = await build(
    one(
      {
        volumeMounts: [
          { name: 'v', mountPath: '/all' },
          { name: 'v', mountPath: '/etc/app', subPath: 'etc' },
          { name: 'v', mountPath: '/none', subPath: 'none' },
        ],
      },
      { volumes: [{ name: 'v', configMap: { name: 'cm', items } }] },
    ),
  );
  expect(containerIn(blueprint)?.mountPoints).toEqual([
    { sourceVolume: 'v0', containerPath: '/all', readOnly: false },
    { sourceVolume: 'v0-0', containerPath: '/etc/app', readOnly: false },
    { sourceVolume: 'v0-1', containerPath: '/none', readOnly: false },
  ]);
  expect(containerIn(blueprint)).not.toHaveProperty('entryPoint');
});

const { describe: withShell } = needs(
  notLinux ||
    noWget ||
    (!isInstalled('flock') && 'there is no flock') ||
    (!isInstalled('bash') && 'there is no bash'),
);

withShell('on this machine, by its shell', () => {
  let folder: string;
  let root: string;
  let metadata: Server;
  let running: ChildProcess[];
  const at = (...path: string[]) => join(folder, ...path);
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shallop-start-'));
    root = at('volumes');
    running = [];
    metadata = createServer((_, response) =>
      response.end(
        '{"Name":"shallop-projector","Networks":[{"NetworkMode":"awsvpc","IPv4Addresses":["10.0.2.106"]}]}',
      ),
    ).listen(0, '127.0.0.1');
    await once(metadata, 'listening');
  });
  afterEach(async () => {
    for (const child of running) end(child, 'SIGKILL');
    metadata.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function fill(blueprint: Blueprint): Promise<void> {
    mkdirSync(root);
    const url = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}/v4/1`;
    await fillVolumes(root, { ...blueprint, secretOf: () => 'hi', metadata: url });
  }

  /** All that runs in a container goes with its first process. */
  function end({ pid = 0 }: ChildProcess, signal: 'SIGKILL'): void {
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Sends TERM to a helper that sleeps, since before it would not know what to do. */
  async function term({ child }: { child: ChildProcess }): Promise<void> {
    const children = `/proc/${child.pid}/task/${child.pid}/children`;
    await until('the helper sleeps', () => readFileSync(children, 'utf8') !== '');
    child.kill('SIGTERM');
  }

  /** Starts a container as ECS does. */
  function start(blueprint: Blueprint, name = 'c') {
    const { words, env } = programOf(root, blueprint, name);
    const child = spawn(words[0] ?? '', words.slice(1), {
      env: { PATH: process.env.PATH ?? '', ...env },
      detached: true,
    });
    running.push(child);
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('exit', () => end(child, 'SIGKILL'));
    const ended = once(child, 'close').then(([code, signal]) => ({ code: code ?? signal, output }));
    return { child, ended, output: () => output };
  }

  test('a program has its address, in its environment and its arguments', async () => {
    const shown =
      'console.log(JSON.stringify([env.IP, env.URL, env["a.b"], env.address, argv.slice(1)])); process.exit(7)';
    const blueprint = await build(
      one({
        command: [process.execPath, '-e', `const { env, argv } = process; ${shown}`, '--'],
        args: ['--on=$(IP):80', 'it\'s "$(IP)"'],
        env: [
          { name: 'IP', ...fieldOf('status.podIP') },
          { name: 'URL', value: 'http://$(IP):80/$(IP)' },
          { name: 'a.b', value: 'two\nlines' },
          { name: 'address', value: 'mine' },
        ],
      }),
    );
    await fill(blueprint);
    const { code, output } = await start(blueprint).ended;
    expect([code, JSON.parse(output)]).toEqual([
      7,
      [
        '10.0.2.106',
        'http://10.0.2.106:80/10.0.2.106',
        'two\nlines',
        'mine',
        ['--on=10.0.2.106:80', 'it\'s "10.0.2.106"'],
      ],
    ]);
  });

  test('an exec probe has the environment of the program', async () => {
    const shown = 'console.log(JSON.stringify([env.IP, env["a.b"], argv.slice(1)])); process.exit(5)';
    const check = [process.execPath, '-e', `const { env, argv } = process; ${shown}`, '--', 'it\'s "me"'];
    const blueprint = await build(
      one({
        command: ['sleep', '1'],
        env: [
          { name: 'IP', ...fieldOf('status.podIP') },
          { name: 'a.b', value: 'two' },
        ],
        livenessProbe: { exec: { command: check } },
      }),
    );
    await fill(blueprint);
    const [kind, ...entryPoint] = containerIn(blueprint)?.healthCheck?.command ?? [];
    const containerDefinitions = [{ ...containerIn(blueprint), entryPoint, command: [] }];
    // ECS runs it as it runs a program, with the environment of the definition.
    const asked = {
      ...blueprint,
      overrides: [],
      definition: { ...blueprint.definition, containerDefinitions },
    };
    const { code, output } = await start(asked).ended;
    expect([kind, code, JSON.parse(output)]).toEqual(['CMD', 5, ['10.0.2.106', 'two', ['it\'s "me"']]]);
  });

  test('single files are where they were asked for', async () => {
    const blueprint = await build(
      one(
        {
          command: ['cat', at('etc/app/app.conf'), at('etc/app/pass')],
          volumeMounts: [
            { name: 'v', mountPath: at('etc/app/app.conf'), subPath: 'app.conf' },
            { name: 's', mountPath: at('etc/app/pass'), subPath: 'pass' },
          ],
        },
        { volumes: [conf, { name: 's', secret: { secretName: 's' } }] },
      ),
    );
    await fill(blueprint);
    expect(await start(blueprint).ended).toEqual({ code: 0, output: 'x=1hi' });
  });

  test('a file that cannot be put there ends the container, which says so', async () => {
    const volumeMounts = [{ name: 'v', mountPath: '/proc/none/app.conf', subPath: 'app.conf' }];
    const blueprint = await build(one({ command: ['true'], volumeMounts }, { volumes: [conf] }));
    await fill(blueprint);
    const { code, output } = await start(blueprint).ended;
    expect(code).toBe(128);
    expect(output).toContain(
      "shallop: the file /proc/none/app.conf cannot be put there: the container's user may not write to /proc/none",
    );
  });

  const server = ['sh', '-c', 'trap "echo TERM; exit 0" TERM; echo up; while :; do sleep 0.1; done'];

  test('a preStop command runs in the container, before whoever waits for it lets it be stopped', async () => {
    const command = ['sh', '-c', `sleep 0.2; echo "drained $WHO" > ${at('drained')}`];
    const blueprint = await build(
      one({
        command: server,
        env: [{ name: 'WHO', value: 'web' }],
        lifecycle: { preStop: { exec: { command } } },
      }),
    );
    expect(containerIn(blueprint, 'shallop-prestop')).toMatchObject({
      essential: false,
      stopTimeout: 30,
      dependsOn: [{ containerName: 'c', condition: 'START' }],
    });
    await fill(blueprint);
    const [app, helper] = [start(blueprint), start(blueprint, 'shallop-prestop')];
    await until('the program runs', () => app.output().includes('up'));
    await term(helper);
    expect((await helper.ended).code).toBe(0);
    expect(readFileSync(at('drained'), 'utf8')).toBe('drained web\n');
    expect(app.child.exitCode).toBeNull();
    app.child.kill('SIGTERM');
    expect(await app.ended).toEqual({ code: 0, output: 'up\nTERM\n' });
  });

  test('one helper does the hooks of all containers, and none waits for another to begin', async () => {
    const other = (name: string, awaits: string) => ({
      name,
      image: 'app',
      command: server,
      lifecycle: {
        preStop: {
          exec: {
            command: [
              'sh',
              '-c',
              `: > ${at(name)}; until [ -e ${at(awaits)} ]; do sleep 0.05; done; echo ${name} done`,
            ],
          },
        },
      },
    });
    const blueprint = await build(podOf({ containers: [other('a', 'b'), other('b', 'a')] }));
    const names = blueprint.definition.containerDefinitions?.map(({ name }) => name);
    expect(names).toEqual(['shallop-projector', 'a', 'b', 'shallop-prestop']);
    expect(containerIn(blueprint, 'shallop-prestop')?.dependsOn).toEqual([
      { containerName: 'a', condition: 'START' },
      { containerName: 'b', condition: 'START' },
    ]);
    await fill(blueprint);
    const [a, b, helper] = [
      start(blueprint, 'a'),
      start(blueprint, 'b'),
      start(blueprint, 'shallop-prestop'),
    ];
    await until('the programs run', () => [a, b].every(({ output }) => output().includes('up')));
    await term(helper);
    expect((await helper.ended).code).toBe(0);
    await until('the hooks have run', () => [a, b].every(({ output }) => output().includes('done')));
  });

  test('of a container that has ended by itself no hook runs, and nobody waits', async () => {
    const lifecycle = { preStop: { exec: { command: ['touch', at('drained')] } } };
    const blueprint = await build(one({ command: ['true'], lifecycle }));
    await fill(blueprint);
    const helper = start(blueprint, 'shallop-prestop');
    const app = start(blueprint);
    expect(await app.ended).toEqual({ code: 0, output: '' });
    await term(helper);
    await helper.ended;
    expect(existsSync(at('drained'))).toBe(false);
  });

  test('a postStart command runs beside the program; a failure ends that', async () => {
    const hook = (command: string[]) => ({ postStart: { exec: { command } } });
    const good = await build(one({ command: server, lifecycle: hook(['touch', at('ready')]) }));
    await fill(good);
    const app = start(good);
    await until('the hook has run', () => existsSync(at('ready')));
    expect(app.child.exitCode).toBeNull();
    app.child.kill('SIGKILL');
    rmSync(root, { recursive: true });
    const bad = await build(one({ command: server, lifecycle: hook(['sh', '-c', 'sleep 0.2; exit 3']) }));
    await fill(bad);
    const { code, output } = await start(bad).ended;
    expect(code).toBe(0);
    expect(output.split('\n').sort()).toEqual(['', 'TERM', 'shallop: PostStartHook failed', 'up']);
  });

  test('a program that ignores TERM outlives a failed postStart command, and its preStop command runs', async () => {
    const stubborn = ['sh', '-c', `trap "" TERM; : > ${at('up')}; while :; do sleep 0.1; done`];
    const lifecycle = {
      postStart: { exec: { command: ['sh', '-c', `until [ -e ${at('up')} ]; do sleep 0.05; done; exit 3`] } },
      preStop: { exec: { command: ['touch', at('drained')] } },
    };
    const blueprint = await build(one({ command: stubborn, lifecycle }));
    await fill(blueprint);
    const [app, helper] = [start(blueprint), start(blueprint, 'shallop-prestop')];
    await until('the hook has failed', () => app.output().includes('PostStartHook failed'));
    await term(helper);
    expect((await helper.ended).code).toBe(0);
    expect(app.child.exitCode).toBeNull();
    expect(existsSync(at('drained'))).toBe(true);
  });

  test('an HTTP preStop hook asks the container over the loopback interface, whatever its image', async () => {
    const asked: string[] = [];
    metadata.removeAllListeners('request').on('request', ({ url, headers }, response) => {
      asked.push(`${url} ${headers['x-why']}`);
      response.end();
    });
    const { port } = metadata.address() as AddressInfo;
    const httpHeaders = [{ name: 'X-Why', value: "it's over" }];
    const blueprint = await build(
      one({ lifecycle: { preStop: { httpGet: { port, path: '/drain', httpHeaders } } } }),
    );
    expect(containerIn(blueprint)?.entryPoint).toBeUndefined();
    const helper = start(blueprint, 'shallop-prestop');
    await term(helper);
    await helper.ended;
    expect(asked).toEqual(["/drain it's over"]);
  });
});
