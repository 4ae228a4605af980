/** MiniStack as a process of its own, for `npm run aws:local`, tests and benches. */
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const script = join(import.meta.dirname, 'ministack.sh');

export interface Emulator {
  /** `http://127.0.0.1:4566`. */
  endpoint: string;
  pid: number;
  stop(): void;
}
export type MiniStack = Emulator;

export interface MiniStackOptions {
  port: number;
  /** Folder for its log and files. */
  run?: string;
  /** For it and for the functions that it runs. */
  env?: Record<string, string>;
}

/** Installs it first where it is not there yet: half a minute. */
export const startMiniStack = ({ port, run, env }: MiniStackOptions): Promise<MiniStack> =>
  startEmulator(script, { ...env, MINISTACK_PORT: String(port), ...(run && { MINISTACK_RUN: run }) });

/** By a script that prints its process id and its address once it is healthy. `signal` ends it. */
export async function startEmulator(
  file: string,
  env: Record<string, string>,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<Emulator> {
  const { stdout } = await promisify(execFile)(file, [], { env: { ...process.env, ...env } });
  const [pid, endpoint] = stdout.trim().split(' ');
  return {
    endpoint: endpoint!,
    pid: Number(pid),
    stop: () => {
      try {
        process.kill(Number(pid), signal);
      } catch {
        // It is gone already.
      }
    },
  };
}

/** Why it cannot be started here; undefined when it can. */
export const noMiniStack = (): string | undefined => noPython('MiniStack');

/** Why an emulator that takes any Python cannot be started here. */
export function noPython(emulator: string): string | undefined {
  try {
    execFileSync(process.env.PYTHON ?? 'python3', ['-c', 'import venv, ensurepip'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `python3 with venv is not here, which ${emulator} needs`;
  }
}

/** How SDKs and the CDK reach an emulator: any key will do, twelve digits would be the account. */
export const emulatorEnvironment = (endpoint: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
});
