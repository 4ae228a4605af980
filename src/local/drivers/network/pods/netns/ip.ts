import { spawn } from 'node:child_process';

/** Is iproute2 in one network. */
export interface Ip {
  /** Runs lines in one process, in order, up to the first that fails. Rejects with what `ip` complained of. */
  run(lines: string[], namespace?: string): Promise<void>;
  /** Runs batches in order, up to the first line that fails, by one process of this machine's. Rejects as run() does. */
  runEach(batches: readonly Batch[]): Promise<void>;
  /** Runs every line, even after failures, which are nobody's concern: for removing what may be gone already. */
  runAnyway(lines: string[], namespace?: string): Promise<void>;
  /** Returns the answer of a query as data: `query('-4', 'addr')`. */
  query<T>(...args: string[]): Promise<T[]>;
  /** Returns the processes in a namespace; none when it is not there. */
  processesIn(namespace: string): Promise<number[]>;
}

/** Lines for `ip`, or for a shell, in a network namespace that was made there or in the network itself. */
export type Batch = { lines: string[]; namespace?: string } | { shell: string; namespace: string };

/** Runs it behind the command line that enters the network; an empty one is this machine's. */
export function ipIn(enter: readonly string[]): Ip {
  const said = (args: string[], lines: string[]) => output([...enter, 'ip', ...args], lines);
  return {
    run: async (lines, namespace) => void (await said([...inside(namespace), '-batch', '-'], lines)),
    runEach: async (batches) =>
      void (await output([...enter, 'sh', '-c', batches.map(scriptOf).join('')], [])),
    runAnyway: (lines, namespace) =>
      said([...inside(namespace), '-force', '-batch', '-'], lines).then(
        () => {},
        () => {},
      ),
    query: async <T>(...args: string[]) => JSON.parse((await said(['-j', ...args], [])) || '[]') as T[],
    async processesIn(namespace) {
      const text = await said(['netns', 'pids', namespace], []).catch(() => '');
      return text.split('\n').filter(Boolean).map(Number);
    },
  };
}

const inside = (namespace: string | undefined) => (namespace ? ['-n', namespace] : []);

/** One process that starts others costs the control plane less than starting each of them. */
function scriptOf(batch: Batch): string {
  const program =
    'shell' in batch
      ? `nsenter --net=/run/netns/${batch.namespace} -- sh -e`
      : ['ip', ...inside(batch.namespace), '-batch', '-'].join(' ');
  const lines = 'shell' in batch ? [batch.shell] : batch.lines;
  return [`${program} <<'END' || exit 1`, ...lines, 'END', ''].join('\n');
}

function output([program = '', ...args]: string[], lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
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
