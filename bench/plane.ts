import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleCommand } from '../tools/build.ts';

export interface Plane {
  child: ChildProcess;
  kubeconfig: string;
  /** Milliseconds from spawn to the line that says it is ready. */
  readyMs: number;
  stop(): Promise<void>;
}

/** Inside node_modules, so that the bundle finds the native module and nobody else finds the bundle. */
const folder = join(import.meta.dirname, '../node_modules/.cache/shallop-bench');
const bundle = join(folder, 'shallop.js');

/** Makes the bundle that users install. */
export const prepareBundle = () => bundleCommand(folder);

/** `shallop up` from the bundle, on the fake runtime, in an empty folder; `nodeFlags` are for profilers. */
export async function startPlane(folder: string, nodeFlags: string[] = []): Promise<Plane> {
  const kubeconfig = join(folder, 'kubeconfig');
  const args = ['--data-dir', join(folder, 'data'), '--kubeconfig', kubeconfig, '--port', '0'];
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, bundle, 'up', ...args, '--runtime', 'fake'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => line.startsWith('ready ') && resolve());
    child.once('exit', (code) => reject(new Error(`shallop up ended with ${code}`)));
  });
  return {
    child,
    kubeconfig,
    readyMs: performance.now() - started,
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
