import { spawn } from 'node:child_process';
import type { Io } from '../../verb.ts';

/**
 * Compares two folders by KUBECTL_EXTERNAL_DIFF, else by `diff -u -N`: 0 they are the same, 1 they differ. Throws when
 * the program fails.
 */
export function compare(folders: [string, string], io: Io): Promise<number> {
  const [program, args] = programOf(io.env.KUBECTL_EXTERNAL_DIFF);
  const failed = (why: string) => new Error(`failed to run ${JSON.stringify(program)}: ${why}`);
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, ...folders], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...io.env },
      cwd: io.cwd,
    });
    child.stdout.on('data', io.write);
    child.stderr.on('data', io.writeError);
    child.on('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT';
      reject(failed(isMissing ? 'executable file not found in $PATH' : error.message));
    });
    child.on('close', (code, signal) => {
      if (code === 0 || code === 1) resolve(code);
      else reject(failed(signal ? `signal: ${signal}` : `exit status ${code}`));
    });
  });
}

/** Of the words after the program's name only plain options are taken, as kubectl does. */
function programOf(asked: string | undefined): [program: string, args: string[]] {
  if (!asked) return ['diff', ['-u', '-N']];
  const [program = '', ...words] = asked.split(' ');
  return [program, words.filter((word) => /^[a-zA-Z0-9-=]+$/.test(word))];
}
