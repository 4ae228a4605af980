import { spawn } from 'node:child_process';
import { setTimeout as passing } from 'node:timers/promises';

/** A deployment that experiments are made with. */
export interface Site {
  /** Name of the deployment. */
  name: string;
  region: string;
  /** Whether an emulator stands for the account. */
  emulated: boolean;
  /** Address of the API, with its path. */
  endpoint: string;
  kubeconfig: string;
  /** How long the deployment took, in milliseconds. */
  deployedAfterMs: number;
  /** When the deployment began to serve (milliseconds since the epoch). */
  since: number;
  /** Image with a shell that everybody may pull. */
  image: string;
  /** Aborts when the time of the run is over. */
  over: AbortSignal;
  /** Throws what kubectl says when it fails. */
  kubectl(args: string[], input?: object): Promise<string>;
  /** The program, for what has to be ended or needs other options. */
  kubectlPath: string;
  /** Runs a program to its end, or for so long. */
  run: typeof run;
  /** `shallop proxy` to the deployment, for upgraded connections. */
  proxy(): Promise<{ url: string; close(): void }>;
}

export interface Ran {
  /** Both streams. */
  output: string;
  /** 124 when its time was over, as `timeout` has it. */
  exitCode: number;
}

export interface RunOptions {
  /** Beside the process's own. */
  env?: Record<string, string>;
  timeoutMs?: number;
  input?: string;
}

/** Runs a program; its output, and the code that it ended with. */
export const run = (
  command: string,
  args: string[],
  { env, timeoutMs, input }: RunOptions = {},
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env } });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGTERM'), timeoutMs);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ output: Buffer.concat(chunks).toString(), exitCode: code ?? 124 });
    });
    child.stdin.on('error', () => {}).end(input ?? '');
  });

/** Waits until it is so. Throws what it waited for when it is not after `ms`. */
export async function eventually(what: string, isSo: () => Promise<boolean>, ms: number): Promise<number> {
  const began = Date.now();
  while (!(await isSo())) {
    if (Date.now() - began > ms) throw new Error(`${what}: not within ${Math.round(ms / 1000)} s`);
    await passing(1_000);
  }
  return Date.now() - began;
}

/** A Pod that runs a command in a shell. */
export const podOf = (name: string, image: string, command: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: {
    restartPolicy: 'Never',
    containers: [{ name: 'main', image, command: ['sh', '-c', command], ...more }],
  },
});
