import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { moduleFile } from '../../local/drivers/moduleFile.ts';
import type { Order, Running } from './index.ts';

/** Describes what the process says. */
export type Answer = { url: string } | { line: string } | { failure: string };

/** Pods get ten seconds to end. */
const stopMs = 15_000;

/**
 * Starts the control plane in a process of its own. It does not keep this one from ending, and ends with it, however that
 * ends: then it finds the channel between them closed.
 */
export async function startBeside(order: Order, log: (line: string) => void): Promise<Running> {
  const child = fork(fileURLToPath(moduleFile('besideProcess', import.meta.url)), [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr!.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2_000);
    log(String(chunk).trimEnd());
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.on('message', (answer: Answer) => {
      if ('line' in answer) log(answer.line);
      else if ('url' in answer) resolve(answer.url);
      else reject(new Error(answer.failure));
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`the process of the control plane ended with ${code}: ${said.trim()}`)),
    );
    child.send(order);
  });
  letGo(child);
  return { url, stop: () => end(child) };
}

/** Whatever of it would keep this process running. */
function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  (child.stderr as unknown as { unref?(): void } | null)?.unref?.();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const exit = once(child, 'exit');
  if (child.connected) child.disconnect();
  const tooLate = setTimeout(() => child.kill('SIGKILL'), stopMs);
  await exit;
  clearTimeout(tooLate);
}
