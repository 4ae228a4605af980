import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { StartError } from '../sandbox.ts';
import { findProgram } from './descriptor.ts';
import { runEnvironment } from './runFolder.ts';

/** The file that the command line writes the terminal's name to, as its first act. */
const namePipe = 3;

/**
 * A command on a terminal of its own: script(1) of util-linux makes one and passes on what comes, the exit code too. It
 * would not echo what comes from a pipe, so that the terminal is told to. Throws StartError where there is no such program.
 */
export const inTerminal = (command: string[], where: Place): Launched =>
  named(command, where, [`tty >&${namePipe}`, `exec ${namePipe}>&-`]);

/** As inTerminal(), for the program of a run: the terminal's name goes into the file `tty` of its folder. */
export const onTerminal = (command: string[], where: Place): Launched =>
  named(command, where, [`tty >"$${runEnvironment}/tty"`]);

interface Place {
  cwd: string;
  env: Record<string, string>;
}

interface Launched {
  command: string[];
  env: Record<string, string>;
}

function named(command: string[], { cwd, env }: Place, naming: string[]): Launched {
  if (process.platform !== 'linux' || !findProgram('script', cwd, env.PATH ?? ''))
    throw new StartError('a terminal needs the program `script` of util-linux, which is not there');
  const { SHELL } = env;
  const lines = [
    ...naming,
    'stty echo',
    // script runs this line by it.
    SHELL === undefined ? 'unset SHELL' : `SHELL=${quoted(SHELL)}`,
    `exec ${command.map(quoted).join(' ')}`,
  ];
  // What script itself complains of belongs on the screen.
  const shown = ['sh', '-c', 'exec "$@" 2>&1', 'sh'];
  return {
    command: [...shown, 'script', '-qefc', lines.join('; '), '/dev/null'],
    env: { TERM: 'xterm', ...env, SHELL: '/bin/sh' },
  };
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/** Sets the size of the terminal whose name comes; a size that is told before waits for the name. */
export function resizeTerminal(names: Readable): (columns: number, rows: number) => void {
  let name = '';
  let wanted: [number, number] | undefined;
  const set = () => {
    if (!name || !wanted) return;
    const [columns, rows] = wanted;
    setSize(name, columns, rows);
  };
  names.once('data', (text: Buffer) => {
    name = text.toString().trim();
    set();
  });
  return (columns, rows) => {
    wanted = [columns, rows];
    set();
  };
}

export function setSize(terminal: string, columns: number, rows: number): void {
  const size = ['cols', String(columns), 'rows', String(rows)];
  spawn('stty', ['-F', terminal, ...size], { stdio: 'ignore' }).on('error', () => {});
}
