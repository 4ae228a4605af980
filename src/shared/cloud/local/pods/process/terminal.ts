import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** The file that the command line writes the terminal's name to, as its first act. */
export const terminalPipe = 3;

/**
 * The command line that runs a command on a terminal of its own: script(1) of util-linux makes one and passes on what
 * comes, the exit code too. It would not echo what comes from a pipe, so that the terminal is told to.
 */
export function inTerminal(command: string[]): string[] {
  const line = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const first = `tty >&${terminalPipe}; exec ${terminalPipe}>&-; stty echo`;
  return ['script', '-qefc', `${first}; exec ${line}`, '/dev/null'];
}

/** Sets the size of the terminal whose name comes; a size that is told before waits for the name. */
export function resizeTerminal(names: Readable): (columns: number, rows: number) => void {
  let name = '';
  let wanted: [number, number] | undefined;
  const set = () => {
    if (!name || !wanted) return;
    const [columns, rows] = wanted;
    const stty = spawn('stty', ['-F', name, 'cols', String(columns), 'rows', String(rows)], {
      stdio: 'ignore',
    });
    stty.on('error', () => {});
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
