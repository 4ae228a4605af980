import { Readable } from 'node:stream';
import { runCommand } from '../../src/cli/command.ts';
import type { Said } from './plane.ts';

/** Runs a command line of `shallop` in this process, in a world of its own. */
export async function runCli(
  words: string[],
  world: {
    env: Record<string, string | undefined>;
    cwd?: string;
    input?: string;
    signal?: AbortSignal;
    /** Hears of output as it comes. */
    heard?: (text: string) => void;
  },
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const out = (text: string) => {
    said.stdout += text;
    world.heard?.(text);
  };
  const code = await runCommand(words, {
    out: (line) => out(`${line}\n`),
    err: (line) => {
      said.stderr += `${line}\n`;
    },
    write: (chunk) => out(Buffer.from(chunk).toString()),
    writeError: (chunk) => {
      said.stderr += Buffer.from(chunk).toString();
    },
    input: async () => world.input ?? '',
    openInput: () => ({ chunks: Readable.from([Buffer.from(world.input ?? '')]), close: () => {} }),
    env: world.env,
    cwd: world.cwd ?? process.cwd(),
    confirm: async () => false,
    interrupted: world.signal ?? new AbortController().signal,
  });
  return { code, ...said };
}
