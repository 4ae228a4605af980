import type { Clock } from '../../../../shared/clock/clock.ts';
import { afterAwake } from '../../afterAwake.ts';
import { startApart } from '../../inherited/startApart.ts';
import type { ExecResult } from '../sandbox.ts';
import { sendSignal } from './identity.ts';

const pipesMs = 200;
const outputBytes = 10 * 1024;

/** Runs a command to its end, or for `timeoutMs`: then its whole group is killed. */
export function execCommand(
  command: string[],
  options: {
    cwd: string;
    env: Record<string, string>;
    timeoutMs: number;
    clock: Clock;
    signal?: AbortSignal;
  },
): Promise<ExecResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const { cwd, env } = options;
    const child = startApart(command, ['ignore', 'pipe', 'pipe'], { cwd, env });
    const keep = (chunk: Buffer) => {
      if (length < outputBytes) chunks.push(chunk);
      length += chunk.length;
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const over = new AbortController();
    const answer = (exitCode: number | undefined, said?: string) => {
      over.abort();
      forget();
      options.signal?.removeEventListener('abort', late);
      const output = said ?? Buffer.concat(chunks).subarray(0, outputBytes).toString();
      // What it left behind goes with it, and nobody waits for the ends of the pipes it may hold.
      if (child.pid) sendSignal(-child.pid, 'SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve({ exitCode, output });
    };
    child.once('error', (error) => answer(126, error.message));
    let code = 137;
    child.once('close', () => answer(code));
    child.once('exit', (exitCode) => {
      code = exitCode ?? code;
      // Something it started may hold the pipes open.
      void options.clock.sleep(pipesMs, over.signal).then(() => answer(code));
    });
    const late = () => answer(undefined);
    // A driver's own time-out: it guards a process, which knows no other clock.
    const forget = afterAwake(options.timeoutMs, late);
    if (options.signal?.aborted) late();
    else options.signal?.addEventListener('abort', late);
  });
}
