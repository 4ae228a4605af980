import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { call } from '../../examples/demo/caller.ts';
import { repository } from '../../examples/demo/server.ts';
import { freePort } from '../../src/cli/dev/freePort.ts';
import { isWindows, needs, notLinux } from '../support/needs.ts';
import { execute } from '../support/plane.ts';
import { until } from '../support/until.ts';

const bin = join(repository, 'bin', 'shallop.js');
const program = (version: string) => `
  const server = require('node:http').createServer((request, response) => {
    console.log('asked ' + request.url);
    response.setHeader('connection', 'close');
    response.end('${version}');
  });
  server.listen(process.env.PORT, process.env.HOST, () => console.log('this is ${version}'));
  process.on('SIGTERM', () => setTimeout(() => server.close(), 500));
`;

let world: string;
let folder: string;

beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), 'shallop-dev-test-'));
  folder = join(world, 'shop');
  mkdirSync(folder);
  mkdirSync(join(world, 'tmp'));
});
afterEach(async () => {
  // By Ctrl-C, so that no Pod outlives the test.
  await Promise.all(running.map((run) => run.end('SIGINT')));
  running = [];
  rmSync(world, { recursive: true, force: true });
}, 60_000);

const inPackage = (script: string) => JSON.stringify({ scripts: { start: script } });
/** Listens on all addresses, as most programs do. */
const common = (version: string, port: string) => `
  require('node:http').createServer((request, response) => {
    response.setHeader('connection', 'close');
    response.end('${version}');
  }).listen(${port}, () => console.log('this is ${version}'));
`;

const loopback = ['--runtime', 'process', '--pod-network', 'loopback'];
/** A command that runs on. */
interface Heard {
  said(): string;
  /** Waits for a line of it; in vain, it says what there was instead. */
  told(pattern: RegExp): Promise<RegExpExecArray>;
  /** Answers its exit code and signal. */
  end(signal: NodeJS.Signals): Promise<unknown[]>;
}
let running: Heard[] = [];

/** Starts a command, and hears what it says. */
function heard(words: string[]): Heard {
  const child = spawn(process.execPath, words, { env: { ...process.env, TMPDIR: join(world, 'tmp') } });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk;
    });
  const exit = once(child, 'exit');
  const run: Heard = {
    said: () => text,
    async told(pattern) {
      await until(`it says ${pattern}`, () => pattern.test(text)).catch((error) => {
        throw new Error(`${error.message}\n${text}`);
      });
      return pattern.exec(text)!;
    },
    async end(signal) {
      child.kill(signal);
      return exit;
    },
  };
  running.push(run);
  return run;
}

const start = (...args: string[]): Heard => heard([bin, 'dev', folder, ...loopback, ...args]);

needs(isWindows).test(
  'a project runs, rolls when a file changes, shows what it prints, and leaves nothing',
  async () => {
    writeFileSync(join(folder, 'package.json'), '{ "scripts": { "start": "node server.js" } }');
    writeFileSync(join(folder, 'server.js'), program('v1'));
    writeFileSync(join(folder, '.gitignore'), 'data\n');
    // To all of the machine, and round in a circle: links are not followed.
    symlinkSync('/', join(folder, 'root'));
    symlinkSync('.', join(folder, 'self'));
    const { told, said, end } = start();
    const [, address] = await told(/service\/shop answers at (http:\S+)/);
    expect(await call(address!)).toBe('v1');
    await told(/^\[shop-\S+ web\] this is v1$/m);
    await told(/deployment\/shop is rolled out/);

    writeFileSync(join(folder, 'data'), 'does not count');
    writeFileSync(join(folder, 'server.js'), program('v2'));
    await told(/^server\.js changed: rolling deployment\/shop$/m);
    await told(/^\[shop-\S+ web\] this is v2$/m);
    await until('only v2 answers', async () => (await call(address!)) === 'v2');
    expect(said()).not.toContain('data changed');

    writeFileSync(join(folder, 'server.js'), 'process.exit(3)');
    await told(/^\[shop-\S+\] CrashLoopBackOff: back-off /m);
    expect(await call(address!)).toBe('v2');

    const [, kubeconfig] = await told(/--kubeconfig (\S+)/);
    expect(readFileSync(kubeconfig!, 'utf8')).toContain('current-context');
    expect(await end('SIGINT')).toEqual([0, null]);
    expect(said()).toMatch(/stopping; nothing is left\n$/);
    const left = readdirSync(join(world, 'tmp')).filter((name) => name.startsWith('shallop-'));
    expect(left).toEqual([]);
    await expect(call(address!)).rejects.toThrow();
  },
  180_000,
);

needs(isWindows).test(
  'two programs that listen on all addresses run at once, and each version has a port of its own',
  async () => {
    const other = join(world, 'other');
    mkdirSync(other);
    for (const place of [folder, other]) {
      writeFileSync(join(place, 'package.json'), inPackage('node server.js'));
      writeFileSync(join(place, 'server.js'), common('v1', 'process.env.PORT'));
    }
    const beside = heard([bin, 'dev', other, ...loopback]);
    const { told, said } = start();
    const [, address] = await told(/service\/shop answers at (http:\S+)/);
    expect(await call(address!)).toBe('v1');
    writeFileSync(join(folder, 'server.js'), common('v2', 'process.env.PORT'));
    await told(/^server\.js changed: rolling deployment\/shop$/m);
    await until('only v2 answers', async () => (await call(address!)) === 'v2');
    expect(said()).not.toContain('EADDRINUSE');
    const [, second] = await beside.told(/service\/other answers at (http:\S+)/);
    expect(await call(second!)).toBe('v1');
  },
  180_000,
);

needs(isWindows || notLinux).test(
  'a program that does not take PORT is found where it listens; its old version stops before the new one starts',
  async () => {
    const port = String(await freePort());
    writeFileSync(join(folder, 'package.json'), inPackage('node server.js'));
    writeFileSync(join(folder, 'server.js'), common('v1', port));
    const { told, said } = start();
    await told(new RegExp(`it listens on port ${port} and does not take \\$PORT: rolling deployment/shop`));
    const [, address] = await told(/service\/shop answers at (http:\S+)/);
    expect(await call(address!)).toBe('v1');
    writeFileSync(join(folder, 'server.js'), common('v2', port));
    await told(
      new RegExp(
        `^server\\.js changed: rolling .*; the old version stops first, as it holds port ${port}$`,
        'm',
      ),
    );
    await told(/^\[shop-\S+ web\] this is v2$/m);
    await until('v2 answers', async () => (await call(address!).catch(() => '')) === 'v2');
    expect(said()).not.toContain('EADDRINUSE');
  },
  180_000,
);

needs(isWindows || notLinux).test(
  'what a killed one has left is removed by the next, or by up; what a living one has is not',
  async () => {
    writeFileSync(join(folder, 'package.json'), inPackage('node server.js'));
    const text = `${common('v1', 'process.env.PORT')}; console.log('I am process ' + process.pid)`;
    writeFileSync(join(folder, 'server.js'), text);
    const started = async (folder: string) => {
      const run = heard([bin, 'dev', folder, ...loopback]);
      const [, kubeconfig] = await run.told(/--kubeconfig (\S+)/);
      const [, address] = await run.told(/service\/shop answers at (http:\S+)/);
      const [, pid] = await run.told(/I am process (\d+)/);
      return { ...run, kubeconfig: kubeconfig!, address: address!, pid: Number(pid) };
    };
    const isAlive = ({ pid }: { pid: number }) => existsSync(`/proc/${pid}`);
    const removed = /removed what a killed 'shallop dev' had left: (\S+)/;
    const living = await started(folder);
    const killed = await started(folder);
    await killed.end('SIGKILL');
    expect(isAlive(killed)).toBe(true);

    const next = await started(folder);
    const [, lost] = await next.told(removed);
    expect(killed.kubeconfig).toBe(join(realpathSync(dirname(lost!)), basename(lost!), 'kubeconfig'));
    expect([isAlive(killed), existsSync(lost!)]).toEqual([false, false]);
    await next.end('SIGKILL');

    const data = ['--data-dir', join(world, 'data'), '--kubeconfig', join(world, 'kubeconfig')];
    const up = heard([bin, 'up', '--runtime', 'fake', '--port', '0', ...data]);
    await up.told(removed);
    await up.end('SIGINT');
    expect([isAlive(next), existsSync(next.kubeconfig)]).toEqual([false, false]);
    expect(await call(living.address)).toBe('v1');
    expect(existsSync(living.kubeconfig)).toBe(true);
  },
  180_000,
);

needs(isWindows).test(
  'the manifests of a project are applied, and its image is the folder',
  async () => {
    for (const name of ['app.mjs', 'deployment.yaml', 'service.yaml'])
      writeFileSync(join(folder, name), readFileSync(join(repository, 'examples/my-python-app', name)));
    writeFileSync(join(folder, 'package.json'), inPackage('node app.mjs'));
    const { told } = start();
    const [, address] = await told(/service\/my-python-app-service answers at (http:\S+)/);
    expect(await call(address!)).toMatch(/^Hello from my-python-app-\S+ version v1$/);
  },
  180_000,
);

test('a folder that says nothing of its start, and a wrong port, are refused', async () => {
  const dev = (...args: string[]) => execute(process.execPath, [bin, 'dev', ...args]);
  expect(await dev(folder)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^error: nothing in \S+ says/),
  });
  expect(await dev(folder, '--port', 'x')).toMatchObject({ code: 2 });
  expect(await dev(join(folder, 'gone'))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is not a folder'),
  });
}, 60_000);
