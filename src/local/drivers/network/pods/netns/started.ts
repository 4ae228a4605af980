import { execFile } from 'node:child_process';

/** Runs a command line to its end. Rejects with what it said last. */
export const started = ([program = '', ...args]: string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile(program, args, (error) => {
      if (error) reject(new Error(`${program}: ${error.message.trim().split('\n').at(-1)}`));
      else resolve();
    });
  });
