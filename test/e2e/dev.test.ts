import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { call } from '../../examples/demo/caller.ts';
import { repository } from '../../examples/demo/server.ts';
import { isWindows, needs } from '../support/needs.ts';
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
let child: ChildProcess | undefined;
let said: string;

beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), 'shallop-dev-test-'));
  folder = join(world, 'shop');
  mkdirSync(folder);
  mkdirSync(join(world, 'tmp'));
});
afterEach(async () => {
  // By Ctrl-C, so that no Pod outlives the test.
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGINT');
    await once(child, 'exit');
  }
  rmSync(world, { recursive: true, force: true });
}, 60_000);

function start(...args: string[]): ChildProcess {
  const words = [bin, 'dev', folder, '--runtime', 'process', '--pod-network', 'loopback', ...args];
  child = spawn(process.execPath, words, { env: { ...process.env, TMPDIR: join(world, 'tmp') } });
  said = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  return child;
}

/** Waits for a line of it; in vain, it says what there was instead. */
async function told(pattern: RegExp): Promise<RegExpExecArray> {
  await until(`it says ${pattern}`, () => pattern.test(said)).catch((error) => {
    throw new Error(`${error.message}\n${said}`);
  });
  return pattern.exec(said)!;
}

needs(isWindows).test(
  'a project runs, rolls when a file changes, shows what it prints, and leaves nothing',
  async () => {
    writeFileSync(join(folder, 'package.json'), '{ "scripts": { "start": "node server.js" } }');
    writeFileSync(join(folder, 'server.js'), program('v1'));
    writeFileSync(join(folder, '.gitignore'), 'data\n');
    // To all of the machine, and round in a circle: links are not followed.
    symlinkSync('/', join(folder, 'root'));
    symlinkSync('.', join(folder, 'self'));
    const running = start();
    const [, address] = await told(/service\/shop answers at (http:\S+)/);
    expect(await call(address!)).toBe('v1');
    await told(/^\[shop-\S+ web\] this is v1$/m);
    await told(/deployment\/shop is rolled out/);

    writeFileSync(join(folder, 'data'), 'does not count');
    writeFileSync(join(folder, 'server.js'), program('v2'));
    await told(/^server\.js changed: rolling deployment\/shop$/m);
    await told(/^\[shop-\S+ web\] this is v2$/m);
    await until('only v2 answers', async () => (await call(address!)) === 'v2');
    expect(said).not.toContain('data changed');

    writeFileSync(join(folder, 'server.js'), 'process.exit(3)');
    await told(/^\[shop-\S+\] CrashLoopBackOff: back-off /m);
    expect(await call(address!)).toBe('v2');

    const [, kubeconfig] = await told(/--kubeconfig (\S+)/);
    expect(readFileSync(kubeconfig!, 'utf8')).toContain('current-context');
    running.kill('SIGINT');
    expect(await once(running, 'exit')).toEqual([0, null]);
    expect(said).toMatch(/stopping; nothing is left\n$/);
    const left = readdirSync(join(world, 'tmp')).filter((name) => name.startsWith('shallop-'));
    expect(left).toEqual([]);
    await expect(call(address!)).rejects.toThrow();
  },
  180_000,
);

needs(isWindows).test(
  'the manifests of a project are applied, and its image is the folder',
  async () => {
    for (const name of ['app.mjs', 'app.py', 'shallop.json', 'deployment.yaml', 'service.yaml'])
      writeFileSync(join(folder, name), readFileSync(join(repository, 'examples/my-python-app', name)));
    start();
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
    stderr: expect.stringContaining('is no folder'),
  });
}, 60_000);
