import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const repository = resolve(import.meta.dirname, '../..');
const bin = join(repository, 'bin', 'shallop.js');

export interface ControlPlane {
  /** What the `shallop up` process printed. */
  output: string[];
  kubeconfig: string;
  dataDir: string;
  /** Milliseconds from spawn to the line that says it is ready. */
  readyMs: number;
  child: ChildProcess;
  /** Runs another verb of the `shallop` command against the same data folder. */
  shallop(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Whose process it is, and in which environment: ours unless given. */
export type Owner = Pick<SpawnOptions, 'uid' | 'gid' | 'env'>;

/** `shallop up` in `folder`, as a user would start it, on a free port and with a kubeconfig of its own. */
export const startControlPlane = (folder: string, ...flags: string[]): Promise<ControlPlane> =>
  startControlPlaneOf({}, folder, ...flags);

/** The same, with every process of it started as `owner` says. */
export async function startControlPlaneOf(
  owner: Owner,
  folder: string,
  ...flags: string[]
): Promise<ControlPlane> {
  const dataDir = join(folder, 'data');
  const kubeconfig = join(folder, 'kubeconfig');
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [bin, 'up', '--data-dir', dataDir, '--kubeconfig', kubeconfig, '--port', '0', ...flags],
    { ...owner, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  // Whatever ends this process, a failed assertion or Ctrl-C: no server is left.
  const endWithUs = () => child.kill('SIGTERM');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  const output: string[] = [];
  await ready(child, output);
  return {
    output,
    kubeconfig,
    dataDir,
    child,
    readyMs: performance.now() - started,
    shallop: async (...args) =>
      (await run(process.execPath, [bin, ...args, '--data-dir', dataDir], { ...owner, cwd: repository }))
        .stdout,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}

function ready(child: ChildProcess, output: string[]): Promise<void> {
  return new Promise((resolveReady, reject) => {
    const onLine = (line: string) => {
      output.push(line);
      if (line.startsWith('ready ')) resolveReady();
    };
    createInterface({ input: child.stdout! }).on('line', onLine);
    createInterface({ input: child.stderr! }).on('line', (line) => output.push(line));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`shallop up ended with ${code}:\n${output.join('\n')}`)));
  });
}
