import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { addImage } from '../src/local/drivers/pods/index.ts';
import { bundleCommand } from '../tools/build.ts';

export interface Plane {
  child: ChildProcess;
  kubeconfig: string;
  /** Holds its data folder, `data`. */
  folder: string;
  /** Milliseconds from spawn to the line that says it is ready. */
  readyMs: number;
  stop(): Promise<void>;
}

/** Inside node_modules, so that the bundle finds the native module and nobody else finds the bundle. */
const folder = join(import.meta.dirname, '../node_modules/.cache/shallop-bench');
/** The command that users run, once it has been made, without what npm starts it by. */
export const bundle = join(folder, 'dist', 'shallop.js');
/** What npm starts. */
export const starter = join(folder, 'bin', 'shallop.js');

/** Makes what users install. */
export async function prepareBundle(): Promise<void> {
  const repository = join(import.meta.dirname, '..');
  await bundleCommand(join(folder, 'dist'));
  for (const part of ['bin', 'package.json'])
    cpSync(join(repository, part), join(folder, part), { recursive: true });
}

/** An image by its name and folder. */
export interface Image {
  name: string;
  path: string;
}

export interface PlaneOptions {
  /** For profilers. */
  nodeFlags?: string[];
  /** Images for Pods that are processes. */
  images?: Image[];
  /** Another build. */
  program?: string;
  /** What makes Pods; the fake runtime, or processes where there are images for them, unless given. */
  runtime?: 'native' | 'engine' | 'process' | undefined;
  /** Where an engine is found, for one. */
  env?: NodeJS.ProcessEnv;
}

/** `shallop up` from the bundle in an empty folder. */
export async function startPlane(folder: string, options: PlaneOptions = {}): Promise<Plane> {
  const { nodeFlags = [], images = [], program = bundle, env = process.env } = options;
  const kubeconfig = join(folder, 'kubeconfig');
  const args = ['--data-dir', join(folder, 'data'), '--kubeconfig', kubeconfig, '--port', '0'];
  for (const { name, path } of images) await addImage(join(folder, 'data', 'images.json'), name, path);
  const runtime = options.runtime
    ? ['--runtime', options.runtime, '--stop-pods']
    : images.length
      ? ['--pod-network', 'loopback']
      : ['--runtime', 'fake'];
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, program, 'up', ...args, ...runtime], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => line.startsWith('ready ') && resolve());
    child.once('exit', (code) => reject(new Error(`shallop up ended with ${code}`)));
  });
  return {
    child,
    folder,
    kubeconfig,
    readyMs: performance.now() - started,
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
