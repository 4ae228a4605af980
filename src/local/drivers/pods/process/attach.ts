import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { PodProcess, PodStreams } from '../../../../shared/ports/cloud.ts';
import type { RunOutput } from '../output/runOutput.ts';
import { readControlFile } from './controlFile.ts';
import { sendSignal } from './identity.ts';
import { processOf } from './runFolder.ts';
import type { Settings } from './settings.ts';
import { setSize } from './terminal.ts';

/** A run's streams as they come, and its input where it was given one. Leaving ends an input that is for one only. */
export function attachToRun(
  folder: string,
  output: RunOutput,
  { stdin: kind, tty }: Pick<Settings, 'stdin' | 'tty'>,
  { stdin, stdout, stderr }: PodStreams,
): PodProcess {
  const tap = output.tap();
  const input = stdin && kind ? openInput(join(folder, 'io', 'stdin')) : undefined;
  if (kind === 'once')
    input?.once('close', () => {
      const keeper = processOf(folder, 'input');
      if (keeper) sendSignal(keeper.pid, 'SIGKILL');
    });
  // A client that has no more to say hears no more either, unless that ended the program's input, as with containerd.
  if (kind === 'open' || tty) input?.once('finish', () => tap.close());
  if (!stdout) void tap.drop('stdout');
  if (!stderr) void tap.drop('stderr');
  return {
    ...(input && { stdin: input }),
    ...(stdout && { stdout: tap.read('stdout') }),
    ...(stderr && { stderr: tap.read('stderr') }),
    ...(tty && { resize: (columns: number, rows: number) => resize(folder, columns, rows) }),
    exitCode: tap.ended.then(() => 0),
    close() {
      tap.close();
      input?.destroy();
    },
  };
}

/** Undefined when nobody reads it any more. */
function openInput(file: string): Socket | undefined {
  try {
    const fd = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const input = new Socket({ fd, readable: false, writable: true });
    return input.on('error', () => input.destroy());
  } catch {
    return undefined;
  }
}

/** The program has written down the name of its terminal, or something else. */
function resize(folder: string, columns: number, rows: number): void {
  const name = readControlFile(join(folder, 'tty'))?.text ?? '';
  if (/^\/dev\/pts\/\d+$/.test(name)) setSize(name, columns, rows);
}
