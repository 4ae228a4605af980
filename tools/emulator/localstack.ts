/** LocalStack's open runtime as a process of its own: a second opinion on what MiniStack says. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Emulator, startEmulator } from './ministack.ts';

const script = join(import.meta.dirname, 'localstack.sh');

/**
 * Installs it first where it is not there yet: a minute. `run`: folder for its log and files. On SIGTERM it begins to
 * shut down, and stays.
 */
export const startLocalStack = ({ port, run }: { port: number; run: string }): Promise<Emulator> =>
  startEmulator(script, { LOCALSTACK_PORT: String(port), LOCALSTACK_RUN: run }, 'SIGKILL');

/** Why it cannot be started here; undefined when it can. */
export function noLocalStack(): string | undefined {
  try {
    execFileSync(script, ['python'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'Python 3.13 with venv is not here, which LocalStack needs';
  }
}
