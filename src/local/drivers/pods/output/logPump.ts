import { Worker } from 'node:worker_threads';
import { moduleFile } from '../../moduleFile.ts';
import type { News, Order, RunFiles } from './messages.ts';
import { RunOutput } from './runOutput.ts';

/** Takes what runs print into their logs, in a thread of its own. */
export interface LogPump {
  /** Takes over what the run prints from now on; the log is the file of these names, in CRI's format. */
  open(files: RunFiles): RunOutput;
  /** Lets go of every run. What they print from then on waits in their pipes. */
  close(): Promise<void>;
}

const noRun = -1;

/** The thread is started with the first run. */
export function createLogPump(): LogPump {
  const outputs = new Map<number, RunOutput>();
  const waiting = new Map<number, () => void>();
  let worker: Worker | undefined;
  let isClosed = false;
  let serial = 0;

  const hear = (news: News) => {
    if (news.kind === 'done') {
      waiting.get(news.ticket)?.();
      waiting.delete(news.ticket);
    } else outputs.get(news.run)?.hear(news);
  };

  const started = (): Worker => {
    if (worker) return worker;
    // Descriptors of pipes go to sockets, which close them.
    const fresh = new Worker(moduleFile('pumpThread', import.meta.url), {
      env: {},
      trackUnmanagedFds: false,
    });
    fresh.unref();
    fresh.on('message', hear);
    // Nothing is known that ends it; if something does, the runs' pipes still hold what was printed since.
    fresh.on('error', () => {});
    fresh.on('exit', () => {
      if (worker !== fresh || isClosed) return;
      worker = undefined;
      for (const done of waiting.values()) done();
      waiting.clear();
      for (const [run, output] of outputs) order({ op: 'open', run, files: output.files });
    });
    worker = fresh;
    return fresh;
  };
  const order = (what: Order) => {
    if (!isClosed) started().postMessage(what);
  };
  const ask = (run: number, op: 'drain' | 'finish') =>
    new Promise<void>((resolve) => {
      if (isClosed) return resolve();
      const ticket = serial++;
      waiting.set(ticket, resolve);
      order({ op, run, ticket });
    });

  return {
    open(files) {
      const run = serial++;
      const output = new RunOutput(files, {
        order: (what) => order({ ...what, run } as Order),
        ask: (op) => ask(run, op),
        forget: () => outputs.delete(run),
      });
      outputs.set(run, output);
      order({ op: 'open', run, files });
      return output;
    },
    async close() {
      for (const output of outputs.values()) output.close();
      // Until it has closed their files.
      if (worker) await ask(noRun, 'drain');
      isClosed = true;
      for (const done of waiting.values()) done();
      await worker?.terminate();
    },
  };
}
