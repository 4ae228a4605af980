import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call } from '../../examples/demo/caller.ts';
import { type ControlPlane, startControlPlane } from '../../examples/demo/server.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { runCli } from '../support/cli.ts';
import { isWindows, needs, noTool } from '../support/needs.ts';
import { execute } from '../support/plane.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v35');

/** Words in quotes are one. POD is the Pod of the Deployment. */
const commands = [
  'exec POD -- echo hi',
  "exec deployment/web -- sh -c 'echo out; echo err >&2; exit 3'",
  'exec -i POD -- cat',
  'exec -it POD -- cat',
  'exec POD -c nope -- ls',
  'exec POD -q -c web -- echo quiet',
  'exec ghost -- ls',
  'exec POD --',
  'exec -- ls',
  'exec POD -- nonexistent-program',
  'cp text ghost:/tmp/x',
  'cp text POD:/nowhere/at/all',
  'cp text POD:x -c nope',
  'run gone -i --rm --restart=Never --image=web:v1 --command -- cat',
  "run fails --attach --rm --restart=Never --image=web:v1 --command -- sh -c 'sleep 2; echo out; echo err >&2; exit 3'",
  "run quiet -i --rm -q --restart=Never --image=web:v1 --command -- sh -c 'sleep 2; echo quiet'",
  'attach',
  'attach a b c',
  'attach ghost',
  'attach POD -c nope',
  'port-forward service/web 99',
  'port-forward service/web :zap',
  'port-forward pod/POD zap',
  'port-forward pod/POD 0',
  'port-forward pod/POD 1:x',
  'port-forward ghost 80',
];

needs(isWindows || noTool(kubectl)).describe('what goes on in a container', () => {
  let folder: string;
  let plane: ControlPlane;
  let pod: string;

  const words = (command: string) =>
    [...command.matchAll(/'([^']*)'|(\S+)/g)].map((match) => (match[1] ?? match[2]!).replace('POD', pod));
  const byShallop = (command: string, input?: string, signal?: AbortSignal, heard?: (text: string) => void) =>
    runCli(words(command), {
      env: { KUBECONFIG: plane.kubeconfig },
      cwd: folder,
      input: input ?? '',
      ...(signal && { signal }),
      ...(heard && { heard }),
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shallop-enter-'));
    plane = await startControlPlane(
      folder,
      '--stop-pods',
      '--runtime',
      'process',
      '--pod-network',
      'loopback',
    );
    const image = join(folder, 'image');
    mkdirSync(image);
    const program =
      "require('http').createServer((q, r) => r.end('hello ' + q.url)).listen(process.env.PORT, process.env.HOST)";
    writeFileSync(
      join(image, 'shallop.json'),
      JSON.stringify({ command: [process.execPath, '-e', program] }),
    );
    await plane.shallop('image', 'add', 'web:v1', image);
    writeFileSync(join(folder, 'text'), 'some text');
    for (const command of [
      'create deployment web --image=web:v1 --port=8123',
      'expose deployment web --port=80 --target-port=8123',
      'wait --for=condition=Available deployment/web --timeout=60s',
    ]) {
      const said = await execute(kubectl!, words(command), { ...process.env, KUBECONFIG: plane.kubeconfig });
      if (said.code) throw new Error(`${command}: ${said.stderr}`);
    }
    pod = (await byShallop('get pods -o jsonpath={.items[0].metadata.name}')).stdout;
  }, 120_000);
  afterAll(async () => {
    await plane?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test.each(commands)(
    '%s',
    async (command) => {
      const env = { ...process.env, KUBECONFIG: plane.kubeconfig, HOME: folder };
      expect(await byShallop(command, 'typed')).toEqual(
        await execute(
          'sh',
          ['-c', 'cd "$1" && shift && exec "$@"', 'sh', folder, kubectl!, ...words(command)],
          env,
          'typed',
        ),
      );
    },
    60_000,
  );

  test('what a command is told, and answers, arrives whole', async () => {
    const text = 'x'.repeat(1_000_000);
    expect(await byShallop('exec -i POD -- cat', text)).toEqual({ code: 0, stdout: text, stderr: '' });
  });

  test('a folder goes into a container and comes back, empty files, long names and large files too', async () => {
    const source = join(folder, 'tree');
    mkdirSync(join(source, 'below', 'empty'), { recursive: true });
    writeFileSync(join(source, 'below', 'n'.repeat(150)), 'long');
    writeFileSync(join(source, 'nothing'), '');
    writeFileSync(join(source, 'large'), randomBytes(3_000_000));
    symlinkSync('large', join(source, 'link'));
    const remote = join(folder, 'remote');
    mkdirSync(remote);
    expect(await byShallop(`cp tree POD:${remote}`)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readlinkSync(join(remote, 'tree', 'link'))).toBe('large');
    const back = await byShallop(`cp POD:${remote}/tree back --retries=1`);
    expect(back).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('warning: skipping symlink: "back/link"'),
    });
    const files = (root: string) =>
      readdirSync(join(folder, root), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, root).length));
    expect(files('back').sort()).toEqual(files('tree').sort());
    for (const file of files('tree'))
      expect(readFileSync(join(folder, 'back', file)).equals(readFileSync(join(source, file)))).toBe(true);
  });

  test('a copy of what cannot be read is refused, and waits for nothing', async () => {
    const source = join(folder, 'unreadable');
    mkdirSync(source);
    writeFileSync(join(source, 'a'), 'readable');
    execFileSync('mkfifo', [join(source, 'pipe')]);
    expect(await byShallop(`cp unreadable POD:${folder}/never`)).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${join(source, 'pipe')} is neither a file nor a folder nor a link\n`,
    });
  });

  test('what a container prints that joins a Pod is shown', async () => {
    const command =
      "debug POD --attach -q --image=web:v1 --profile=general -- sh -c 'sleep 2; echo seen; sleep 1'";
    expect(await byShallop(command)).toEqual({ code: 0, stdout: 'seen\n', stderr: '' });
  });

  test('a copy of what is not there fails as its tar does', async () => {
    expect(await byShallop('cp POD:/nope here')).toMatchObject({
      code: 2,
      stderr: 'command terminated with exit code 2\n',
    });
  });

  test('a program that waits for input gets it, and what it answers is shown', async () => {
    const container = {
      name: 'c',
      image: 'web:v1',
      command: ['sed', 's/^/heard /'],
      stdin: true,
      stdinOnce: true,
    };
    const manifest = {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'reader' } },
      spec: { containers: [container], restartPolicy: 'Never' },
    };
    writeFileSync(join(folder, 'reader.json'), JSON.stringify(manifest));
    expect(await byShallop('create -f reader.json')).toMatchObject({ stdout: 'pod/reader created\n' });
    await byShallop('wait --for=jsonpath={.status.phase}=Running pod/reader');
    expect(await byShallop('attach reader -i -q', 'one\ntwo\n')).toEqual({
      code: 0,
      stdout: 'heard one\nheard two\n',
      stderr: '',
    });
    expect(await byShallop('wait --for=jsonpath={.status.phase}=Succeeded pod/reader')).toMatchObject({
      code: 0,
    });
  });

  test('a port leads to the Pod behind a Service, until the user ends it', async () => {
    const ending = new AbortController();
    let heard = '';
    const running = byShallop('port-forward service/web :80', '', ending.signal, (text) => {
      heard += text;
    });
    await until('it listens', () => /Forwarding from 127\.0\.0\.1:\d+ -> 8123/.test(heard));
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(heard)!;
    for (const path of ['a', 'b'])
      expect(await call(`http://127.0.0.1:${port}/${path}`)).toBe(`hello /${path}`);
    ending.abort();
    expect(await running).toMatchObject({ code: 0, stderr: '' });
    expect(heard.match(new RegExp(`Handling connection for ${port}\n`, 'g'))).toHaveLength(2);
    await expect(call(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  test('a port at which nobody listens is told', async () => {
    const ending = new AbortController();
    let heard = '';
    const running = byShallop('port-forward pod/POD :9', '', ending.signal, (text) => {
      heard += text;
    });
    await until('it listens', () => /127\.0\.0\.1:\d+ -> 9/.test(heard));
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(heard)!;
    await expect(call(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    ending.abort();
    const { stderr } = await running;
    expect(stderr).toContain(
      `an error occurred forwarding ${port} -> 9: error forwarding port 9 to pod ${pod}`,
    );
  });
});
