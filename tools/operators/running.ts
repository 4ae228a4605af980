import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** A program of an operator, as long as it works. */
export interface Running {
  /** Rejects when the program fails. One that ends well is started again, as a container is, but not for ever. */
  readonly ended: Promise<never>;
  /** The end of its output, with its name. */
  tail(): string;
  /** Asks it to end, and ends it where it does not in time. */
  stop(): Promise<void>;
}

const mostStarts = 5;

/**
 * Starts a program, whose output is written to the file `log` too. It has `graceMs` to end when it is told to, in milliseconds.
 */
export function start(
  name: string,
  binary: string,
  flags: string[],
  env: NodeJS.ProcessEnv,
  log: string,
  graceMs = 10_000,
): Running {
  const lines: string[] = [];
  const file = createWriteStream(log);
  let child: ChildProcess;
  let isStopped = false;
  const endWithUs = () => child.kill('SIGTERM');
  process.once('exit', endWithUs);
  const one = async (): Promise<number | null> => {
    child = spawn(binary, flags, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.pipe(file, { end: false });
      stream.on('data', (bytes: Buffer) => {
        lines.push(...bytes.toString().split('\n').filter(Boolean));
        if (lines.length > 400) lines.splice(0, lines.length - 200);
      });
    }
    const [code] = await once(child, 'exit');
    return code as number | null;
  };
  const all = async (): Promise<number | null> => {
    let code: number | null = 0;
    for (let starts = 0; code === 0 && starts < mostStarts && !isStopped; starts++) code = await one();
    process.off('exit', endWithUs);
    return code;
  };
  const exit = all();
  const ended = exit.then((code) => {
    if (isStopped) return new Promise<never>(() => {});
    throw new Error(`${name} ended with ${code}`);
  });
  ended.catch(() => {});
  return {
    ended,
    tail: () => [`${name}:`, ...lines.slice(-60)].join('\n'),
    stop: async () => {
      isStopped = true;
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exit.catch(() => {});
      clearTimeout(insist);
      // What it has left behind may have its output, and write on.
      for (const stream of [child.stdout, child.stderr]) stream?.destroy();
      file.close();
    },
  };
}
