import { spawn } from 'node:child_process';

/** Runs lines of iproute2 in one process, in order, up to the first that fails. Rejects with what `ip` complained of. */
export const ip = (lines: string[], namespace?: string): Promise<void> =>
  run([...inside(namespace), '-batch', '-'], lines).then(() => {});

/** Runs every line, even after failures, which are nobody's concern: for removing what may be gone already. */
export const ipAnyway = (lines: string[], namespace?: string): Promise<void> =>
  run([...inside(namespace), '-force', '-batch', '-'], lines).then(
    () => {},
    () => {},
  );

/** The answer of a query as data: `ipQuery('-4', 'addr')`. */
export const ipQuery = async <T>(...args: string[]): Promise<T[]> =>
  JSON.parse((await run(['-j', ...args], [])) || '[]') as T[];

/** The processes in a namespace; none when it is not there. */
export const processesIn = async (namespace: string): Promise<number[]> => {
  const text = await run(['netns', 'pids', namespace], []).catch(() => '');
  return text.split('\n').filter(Boolean).map(Number);
};

const inside = (namespace: string | undefined) => (namespace ? ['-n', namespace] : []);

function run(args: string[], lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('ip', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.on('error', (error) => reject(new Error(`ip: ${error.message}`)));
    child.stdin.on('error', () => {});
    child.on('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`ip: ${complaint.trim().split('\n')[0] || `exit code ${code}`}`));
    });
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  });
}
